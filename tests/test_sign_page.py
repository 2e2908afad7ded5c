"""The desk to read and sign, on three tablets and the clerk's page, in a real Chromium."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, ViewportSize, expect

from casefile.events import SignatoryNamed, TurnAdded
from casefile.export import WRITERS
from casefile.export.signed_text import complete
from casefile.export.wording import NOTICE
from casefile.model import CaseRecord, PauseReason, Seat
from casefile.people.nouns import Role
from casefile.signatures import SignatureKind
from casefile.verify_package import verify_any
from tests.browsing import sign_in
from tests.courthouse import HEARING, Courthouse, Server, tone, turn
from tests.hall import until
from tests.test_archive_page import close_and_seal, give_key
from tests.test_pages import open_hearing
from tests.test_signing import PNG

pytestmark = pytest.mark.browser

SEATS = (
    Seat("s1", "审判长", "审", "王某", (0,)),
    Seat("s2", "原告", "原", "李某", (1,)),
    Seat("s3", "被告", "被", "赵某", (2,)),
    Seat("s4", "书记员", "书", "书记员", (3,)),
    Seat("s5", "证人", "证", "孙某"),
)
SAID = (
    ("现在开庭。", 0, 0, "s1"),
    ("请求判令被告支付货款三万元。", 3_000, 1, "s2"),
    ("货款已经付清，不同意。", 7_000, 2, "s3"),
    ("证人，你几点看见的？", 11_000, 0, "s1"),
    ("八点看见的，送货单我签了字。", 14_000, 3, "s5"),
    ("没有其他意见。", 18_000, 1, "s2"),
)
TABLET: ViewportSize = {"width": 820, "height": 1180}


class Room:
    """A hearing in a recess, its clerk's page, and tablets by link."""

    def __init__(
        self, page: Page, browser: Browser, court: Courthouse, server: Server, case_number: str
    ) -> None:
        self.page, self.browser, self.court, self.server = page, browser, court, server
        self.id = court.hearing(replace(HEARING, case_number=case_number, seats=SEATS))
        court.record(self.id, [(0, tone(440, 24_000))])
        for number, (text, start, channel, seat) in enumerate(SAID):
            made = turn(f"t{number}", text, start, channel)
            name = next(one.person for one in SEATS if one.id == seat)
            court.feed.append(
                self.id, [TurnAdded(replace(made, seat=seat, speaker=name), made.end_ms)], "tingji"
            )
        court.conduct.at_ms = 22_000
        court.conduct.pause(self.id, PauseReason.RECESS, "书记员")
        self.judge, _ = court.people.accounts.add("王某", [Role.JUDGE])
        court.people.assignments.add(self.id, self.judge.id)
        open_hearing(page, self.id)
        expect(page.locator("[data-act=signing]")).to_be_visible()
        page.locator("article.turn button.at").first.focus()
        page.keyboard.press("y")
        page.locator("dialog.signing [data-act=seats]").click()
        expect(self.person("证人")).to_be_visible()

    @property
    def record(self) -> CaseRecord:
        return self.court.feed.record(self.id)

    def person(self, role: str) -> Locator:
        return self.page.locator(f'dialog.signing li[data-signatory="{role}"]')

    def request(self, wanted: str) -> Locator:
        return self.page.locator("dialog.signing li[data-request]").filter(has_text=wanted)

    @contextmanager
    def tablet(self, role: str) -> Iterator[Page]:
        """A tablet that has scanned the link of this signatory."""
        self.person(role).locator("[data-act=link]").click()
        given = self.page.locator("dialog.signing .given")
        expect(given).to_contain_text(role)
        expect(given.locator("svg.qr")).to_be_visible()
        url = given.locator("input").input_value()
        context = self.browser.new_context(viewport=TABLET, has_touch=True)
        opened = context.new_page()
        problems: list[str] = []
        opened.on("pageerror", lambda error: problems.append(str(error)))
        opened.goto(url)
        expect(opened.locator(".lines article").first).to_be_visible()
        assert "#" not in opened.url
        yield opened
        context.close()
        assert problems == []

    def by_account(self, session: str) -> Page:
        context = self.browser.new_context(base_url=self.server.url, viewport=TABLET)
        sign_in(context, self.court, self.server)
        context.add_cookies(
            [{"name": self.court.access.account_cookie, "value": session, "url": self.server.url}]
        )
        opened = context.new_page()
        opened.goto(f"/hearings/{self.id}/sign")
        expect(opened.locator(".lines article").first).to_be_visible()
        return opened


@pytest.fixture
def civil(page: Page, browser: Browser, court: Courthouse, server: Server) -> Room:
    return Room(page, browser, court, server, HEARING.case_number)


@pytest.fixture
def criminal(page: Page, browser: Browser, court: Courthouse, server: Server) -> Room:
    return Room(page, browser, court, server, "（2024）京0105刑初12号")


def ask(tablet: Page, turn_id: str, first: int, last: int, wanted: str, kind: str = "差错") -> None:
    """Marks words of a line by touch and sends a request."""
    tablet.locator(f'[data-turn="{turn_id}"] [data-act=mark]').click()
    tablet.locator(f'dialog.request input[value="{kind}"]').check()
    for index in {first, last}:
        tablet.locator("dialog.request .words button").nth(index).click()
    tablet.locator("dialog.request input[name=wanted]").fill(wanted)
    tablet.locator("dialog.request button.main").click()


def read_whole(tablet: Page) -> None:
    """Own words first, then the whole, to its end."""
    whole = tablet.locator(".choice button").nth(1)
    if whole.count():
        whole.click()
    tablet.locator("[data-number]").last.scroll_into_view_if_needed()
    tablet.locator("[data-act=read]").click()
    expect(tablet.locator(".signing h2")).to_be_visible()


def write_name(tablet: Page) -> None:
    pad = tablet.locator("canvas.pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    for at in (0.2, 0.5):
        tablet.mouse.move(box["x"] + box["width"] * at, box["y"] + 60)
        tablet.mouse.down()
        tablet.mouse.move(box["x"] + box["width"] * (at + 0.2), box["y"] + 180, steps=6)
        tablet.mouse.up()
    tablet.locator("[data-act=sign]").click()
    expect(tablet.locator(".signing h2.ok")).to_be_visible()


def archived(civil: Room, tmp_path_factory: pytest.TempPathFactory, fetched_as: Path) -> None:
    """Sealed, archived on the page, fetched and verified: the text stands without the mark."""
    page = civil.page
    close_and_seal(civil.court, civil.id, 24_000)
    give_key(civil.court, tmp_path_factory, None)
    page.reload()
    page.locator("archive-box [data-act=archive]").click()
    expect(page.locator("archive-box")).to_contain_text("签名密钥指纹")
    with page.expect_download() as fetched:
        page.locator("archive-box [data-act=fetch-archive]").click()
    fetched.value.save_as(fetched_as)
    assert verify_any(fetched_as).ok
    with ZipFile(fetched_as) as packed:
        (path,) = [name for name in packed.namelist() if name.endswith("/笔录/record.txt")]
        text = packed.read(path).decode()
        forms = {Path(name).name for name in packed.namelist()}
    assert NOTICE not in text and "五万元" in text and "对笔录有异议" in text
    assert {"record.pdf", "record.docx", "verify.py", "阅览.html"} <= forms


def test_a_civil_hearing_from_link_to_the_last_signature_and_into_the_archive(
    civil: Room, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    page = civil.page
    with ExitStack() as stack:
        plaintiff, defendant, witness = (
            stack.enter_context(civil.tablet(role)) for role in ("原告", "被告", "证人")
        )
        expect(plaintiff.locator(".unsigned")).to_have_text(NOTICE)
        expect(plaintiff.locator(".lines article")).to_have_count(2)  # own words first
        ask(plaintiff, "t1", 10, 12, "五万元")
        ask(defendant, "t2", 0, 1, "欠款")
        expect(civil.request("五万元")).to_be_visible()
        civil.request("五万元").locator("[data-act=grant]").click()
        expect(civil.request("五万元")).to_contain_text("已准予补正")
        civil.request("欠款").locator("input[name=reason]").fill("录音为“货款”")
        civil.request("欠款").locator("[data-act=refuse]").click()
        expect(civil.request("欠款")).to_contain_text("不予补正")
        expect(defendant.locator(".requests")).to_contain_text("录音为“货款”")
        expect(plaintiff.locator('[data-turn="t1"] .before')).to_contain_text(
            "三万元"
        )  # what changed is marked
        read_whole(plaintiff)
        write_name(plaintiff)
        read_whole(witness)
        write_name(witness)
        defendant.locator("[data-act=refuse]").click()
        defendant.locator("textarea[name=reason]").fill("对笔录有异议")
        defendant.locator("form button.end").click()
        expect(defendant.locator("main")).to_contain_text("您已表示不签字")
        expect(civil.person("被告")).to_contain_text("拒签")
    judge = civil.by_account(civil.court.people.sessions.open(civil.judge.id))
    read_whole(judge)
    write_name(judge)
    expect(page.locator(".mark")).to_have_text(NOTICE)
    clerk = civil.by_account(civil.court.session)
    read_whole(clerk)
    write_name(clerk)
    expect(page.locator(".mark")).to_have_text("各方均已签字，本笔录为法庭笔录")
    expect(clerk.locator(".all-signed")).to_be_visible()
    assert complete(civil.record)
    assert NOTICE not in WRITERS["txt"](civil.record)
    assert civil.record.turns[1].text == "请求判令被告支付货款五万元。"
    (first,) = [one for one in civil.record.signatures if one.strokes][:1]
    points = first.strokes[0].points
    assert len(first.strokes) == 2
    assert points[0][2] == 0 and points[-1][0] > points[0][0] and points[-1][1] > points[0][1]
    archived(civil, tmp_path_factory, tmp_path / "fetched.zip")


def test_e5_in_a_criminal_hearing_a_change_of_what_was_said_is_refused_by_itself(criminal: Room) -> None:
    with criminal.tablet("原告") as tablet:
        tablet.locator('[data-turn="t1"] [data-act=mark]').click()
        tablet.locator('dialog.request input[value="变更陈述"]').check()
        expect(tablet.locator("dialog.request .warn")).to_contain_text("自动不予准许")
        tablet.locator("dialog.request button", has_text="取消").click()
        ask(tablet, "t1", 10, 12, "五万元", "变更陈述")
        expect(tablet.locator(".requests")).to_contain_text("不得变更陈述")
    expect(criminal.request("五万元")).to_contain_text("不得变更陈述")
    expect(criminal.request("五万元").locator("[data-act=grant]")).to_have_count(0)
    assert criminal.record.turns[1].text == "请求判令被告支付货款三万元。"
    assert [one.granted for one in criminal.record.decisions] == [False]


def test_e8_an_accused_signs_and_gives_the_picture_of_a_fingerprint(criminal: Room) -> None:
    plaintiff = next(one for one in criminal.record.signatories if one.role == "原告")
    accused = replace(plaintiff, role="被告人")
    criminal.court.feed.append(criminal.id, [SignatoryNamed(accused)], "书记员")
    expect(criminal.person("被告人")).to_be_visible()
    with criminal.tablet("被告人") as tablet:
        read_whole(tablet)
        pad = tablet.locator("canvas.pad").bounding_box()
        assert pad
        tablet.mouse.move(pad["x"] + 40, pad["y"] + 40)
        tablet.mouse.down()
        tablet.mouse.move(pad["x"] + 200, pad["y"] + 140, steps=4)
        tablet.mouse.up()
        expect(tablet.locator("[data-act=sign]")).to_be_disabled()  # the fingerprint is missing
        picture: FilePayload = {
            "name": "print.png",
            "mimeType": "image/png",
            "buffer": base64.b64decode(PNG),
        }
        tablet.locator("input[type=file]").set_input_files([picture])
        expect(tablet.locator("canvas.print")).to_be_visible()
        tablet.locator("[data-act=sign]").click()
        expect(tablet.locator(".signing h2.ok")).to_be_visible()
    (made,) = criminal.record.signatures
    assert set(made.kinds) == {SignatureKind.SIGNED, SignatureKind.FINGERPRINT}
    assert base64.b64decode(made.image).startswith(b"\x89PNG")


def test_d1_the_mark_stands_on_every_printed_page_and_on_the_list(civil: Room) -> None:
    page = civil.page
    page.emulate_media(media="print")
    expect(page.locator(".mark")).to_be_visible()
    expect(page.locator(".mark")).to_have_text(NOTICE)
    page.emulate_media(media="screen")
    page.goto("/")
    expect(page.locator(".list-mark")).to_contain_text("不作为法庭笔录")


def test_b5_a_change_after_signing_says_whose_signature_no_longer_covers(civil: Room) -> None:
    with civil.tablet("原告") as plaintiff, civil.tablet("证人") as witness:
        for tablet in (plaintiff, witness):
            read_whole(tablet)
            write_name(tablet)
        expect(civil.person("原告")).to_contain_text("已签字")
        civil.court.texts.edit(civil.id, "t5", "没有其他意见。", "没有意见。", "书记员")
        expect(civil.person("原告")).to_contain_text("须重签")
        expect(civil.person("证人")).to_contain_text("已签字")
        expect(civil.page.locator("dialog.signing p.bad[role=alert]")).to_contain_text("原告 李某")
        expect(plaintiff.locator(".lost")).to_contain_text("没有意见。")
        expect(witness.locator(".lost")).to_have_count(0)
        read_whole(plaintiff)
        write_name(plaintiff)
        expect(civil.person("原告")).not_to_contain_text("须重签")


def test_e6_a_witness_sees_and_hears_only_their_testimony(civil: Room) -> None:
    with civil.tablet("证人") as witness:
        expect(witness.locator(".lines article")).to_have_count(2)
        for text in ("三万元", "付清", "没有其他意见"):
            expect(witness.locator("main")).not_to_contain_text(text)
        with witness.expect_response("**/api/sign/audio**") as played:
            witness.locator('[data-turn="t4"] .acts button').first.click()
        assert played.value.ok
        status = witness.evaluate(
            "fetch('/api/sign/audio?turn=t1&from_ms=3000&to_ms=5000').then(({status}) => status)"
        )
        assert status == 404
        everything = witness.evaluate(f"fetch('/api/hearings/{civil.id}').then(({{status}}) => status)")
        assert everything == 401


def test_a_withdrawn_link_goes_dark_and_a_running_recording_closes_the_desk(civil: Room) -> None:
    with civil.tablet("原告") as tablet:
        civil.court.conduct.resume(civil.id, "书记员")
        expect(tablet.locator("[role=alert]")).to_contain_text("录音正在进行")
        expect(tablet.locator(".lines")).to_have_count(0)
        civil.court.conduct.close(civil.id, "书记员")
        expect(tablet.locator(".lines article").first).to_be_visible()
        expect(tablet.locator("[role=alert]")).to_have_count(0)
        civil.person("原告").locator("[data-act=remove]").click()
        expect(civil.person("原告")).to_have_count(0)
        expect(tablet.locator("[role=alert]")).to_be_visible()
        expect(tablet.locator(".lines")).to_have_count(0)


def test_by_keyboard_alone_and_in_english(civil: Room) -> None:
    with civil.tablet("证人") as tablet:
        tablet.locator("button[lang=en]").focus()
        tablet.keyboard.press("Enter")
        expect(tablet.locator(".unsigned")).to_contain_text("not a court record")
        tablet.locator('[data-turn="t4"] [data-act=mark]').focus()
        tablet.keyboard.press("Enter")
        words = tablet.locator("dialog.request .words button")
        words.nth(0).focus()
        tablet.keyboard.press("Enter")
        expect(words.nth(0)).to_have_attribute("aria-pressed", "true")
        tablet.locator("dialog.request input[name=wanted]").focus()
        tablet.keyboard.type("9")
        tablet.keyboard.press("Enter")
        until(lambda: [one.before for one in civil.record.requests] == ["八"])
        assert (civil.record.requests[0].start_ms, civil.record.requests[0].end_ms) == (14_000, 14_200)
