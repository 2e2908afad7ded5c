"""Reading, correcting, signing over HTTP: whose turn it is, what is signed, what a link shows and gives to be heard."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from casefile.events import SignatoryNamed
from casefile.export import WRITERS
from casefile.export.desk import lines
from casefile.export.signed_text import complete, text_read
from casefile.export.wording import NOTICE, hours
from casefile.model import Omission, PauseReason, Seat
from casefile.people.nouns import LinkKind, Role
from casefile.signatures import SignatureKind
from tests.courthouse import HEARING, HOST, Courthouse, tone

SEATS = (
    Seat("s1", "审判长", "审", "王某", (0,)),
    Seat("s2", "原告", "原", "李某", (1,)),
    Seat("s3", "证人", "证", "赵某", (2,)),
    Seat("s4", "书记员", "书", "书记员", (3,)),
)
STROKES = [{"points": [[100, 100, 0], [900, 800, 40]]}]
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class House:
    """A hearing in a recess with everybody on a seat to sign."""

    def __init__(self, court: Courthouse, case_number: str = HEARING.case_number) -> None:
        self.court, self.clerk = court, court.client()
        self.id = court.hearing(replace(HEARING, case_number=case_number, seats=SEATS))
        self.turns = [
            court.say(self.id, text, start, channel)
            for text, start, channel in (
                ("现在开庭。", 0, 0),
                ("请求支付货款三万元。", 4_000, 1),
                ("证人几点看见的？", 8_000, 0),
                ("八点看见的。", 11_000, 2),
                ("没有意见。", 14_000, 1),
            )
        ]
        self.judge, _ = court.people.accounts.add("王某", [Role.JUDGE])
        court.people.assignments.add(self.id, self.judge.id)
        court.conduct.pause(self.id, PauseReason.RECESS, "书记员")
        assert self.post("/signing/seats").status_code == 202
        self.who = {one.role: one for one in self.record.signatories}

    @property
    def record(self) -> Any:
        return self.court.feed.record(self.id)

    def post(self, path: str, body: object = None) -> Any:
        return self.clerk.post(f"/api/hearings/{self.id}{path}", json=body)

    def desk(self, role: str) -> Desk:
        """By the account for judge and clerk, by a link for others."""
        if role in ("审判长", "书记员"):
            client = self.clerk if role == "书记员" else self.court.client()
            if role == "审判长":
                client.cookies.set(
                    self.court.access.account_cookie, self.court.people.sessions.open(self.judge.id)
                )
            return Desk(client, f"/api/hearings/{self.id}/sign")
        url = self.post(f"/signing/signatories/{self.who[role].id}/link").json()["url"]
        client = TestClient(self.court.app, base_url=HOST, raise_server_exceptions=False)
        client.headers["X-Tingji"] = "page"
        assert client.post("/api/link", json={"token": url.partition("#")[2]}).status_code == 200
        return Desk(client, "/api/sign")

    def panel(self) -> dict[str, Any]:
        found: dict[str, Any] = self.clerk.get(f"/api/hearings/{self.id}/signing").json()
        return found

    def states(self) -> dict[str, str]:
        return {one["signatory"]["role"]: one["state"] for one in self.panel()["signatories"]}


class Desk:
    def __init__(self, client: TestClient, path: str) -> None:
        self.client, self.path = client, path

    def get(self) -> Any:
        return self.client.get(self.path)

    def post(self, what: str, body: object) -> Any:
        return self.client.post(f"{self.path}/{what}", json=body)

    def read(self) -> dict[str, Any]:
        seen: dict[str, Any] = self.get().json()
        state = {"seq": seen["seq"], "digest": seen["digest"]}
        assert self.post("read", state).status_code == 202
        return state

    def sign(self, **more: object) -> Any:
        return self.post("signature", {**self.read(), "strokes": STROKES, **more})

    def ask(self, turn_id: str, before: str, wanted: str, kind: str = "差错") -> Any:
        return self.post("requests", {
            "turn_id": turn_id, "kind": kind, "before": before, "wanted": wanted, "start_ms": 4_000, "end_ms": 6_000,
        })  # fmt: skip


@pytest.fixture
def house(court: Courthouse) -> House:
    return House(court)


def code(answer: Any) -> str:
    return str(answer.json()["code"])


def test_the_seats_sign_in_sensible_offices(house: House) -> None:
    assert {role: (one.office.value, one.scope.value) for role, one in house.who.items()} == {
        "审判长": ("presiding", "whole"),
        "原告": ("participant", "whole"),
        "证人": ("participant", "own"),
        "书记员": ("clerk", "whole"),
    }
    assert house.who["审判长"].account == house.judge.id
    assert house.who["原告"].account == ""
    assert house.post("/signing/seats").status_code == 202
    assert len(house.record.signatories) == 4


def test_what_is_shown_is_what_is_signed(house: House) -> None:
    for who in house.record.signatories:
        shown = [f"{hours(one.start_ms)} {one.who}：{one.text}" if one.turn_id else one.text
                 for one in lines(house.record, who)]  # fmt: skip
        assert text_read(house.record, who).endswith("\n".join(shown) + "\n")
        for one in lines(house.record, who):
            assert one.turn_id is None or "".join(word[0] for word in one.words) == one.text


def test_e7_signatures_come_in_the_lawful_order_and_the_mark_goes_with_the_last(house: House) -> None:
    plaintiff, witness, judge, clerk = (house.desk(role) for role in ("原告", "证人", "审判长", "书记员"))
    assert code(judge.sign()) == "others_first"
    assert plaintiff.sign().status_code == witness.sign().status_code == 202
    assert code(clerk.sign()) == "others_first"
    assert judge.sign().status_code == 202
    assert NOTICE in WRITERS["txt"](house.record)
    assert clerk.sign().status_code == 202
    assert complete(house.record)
    assert house.panel()["complete"]
    assert set(house.states().values()) == {"signed"}
    assert code(clerk.sign()) == "signed_already"


def test_nobody_reads_or_signs_while_the_recording_runs(house: House) -> None:
    plaintiff = house.desk("原告")
    house.court.conduct.resume(house.id, "书记员")
    assert code(plaintiff.get()) == "wrong_state"
    house.court.conduct.close(house.id, "书记员")
    assert plaintiff.sign().status_code == 202  # sealed


def test_b5_a_change_between_reading_and_signing_is_told(house: House) -> None:
    plaintiff = house.desk("原告")
    state = plaintiff.read()
    house.court.texts.edit(house.id, house.turns[4], "没有意见。", "有意见。", "书记员")
    assert code(plaintiff.post("signature", {**state, "strokes": STROKES})) == "record_changed"
    assert plaintiff.sign().status_code == 202


def test_b5_a_change_after_signing_says_whose_signature_no_longer_covers_and_what_changed(
    house: House,
) -> None:
    plaintiff, witness = house.desk("原告"), house.desk("证人")
    plaintiff.sign()
    witness.sign()
    house.court.texts.edit(house.id, house.turns[4], "没有意见。", "有意见。", "书记员")
    assert house.states() == {"原告": "changed", "证人": "signed", "审判长": "asked", "书记员": "asked"}
    (change,) = plaintiff.get().json()["changed"]
    assert (change["before"], change["after"]) == ("原告 李某：没有意见。", "原告 李某：有意见。")
    assert plaintiff.sign().status_code == 202
    assert house.states()["原告"] == "signed"


def test_signing_without_having_read_to_the_end_is_refused(house: House) -> None:
    plaintiff = house.desk("原告")
    seen = plaintiff.get().json()
    body = {"seq": seen["seq"], "digest": seen["digest"], "strokes": STROKES}
    assert code(plaintiff.post("signature", body)) == "not_read"
    assert code(plaintiff.post("signature", {**body, "strokes": []})) == "unfit_signature"
    assert code(plaintiff.post("read", {"seq": seen["seq"], "digest": "0" * 64})) == "record_changed"


def test_e3_a_granted_request_changes_the_turn_and_a_refused_one_stays_with_its_reason(house: House) -> None:
    plaintiff = house.desk("原告")
    assert plaintiff.ask(house.turns[1], "三万元", "五万元").json() == {"refused": False}
    assert plaintiff.ask(house.turns[4], "没有", "有").json() == {"refused": False}
    assert code(plaintiff.sign()) == "requests_open"
    first, second = house.panel()["requests"]
    assert (first["now"], first["then"]) == ("请求支付货款三万元。", "请求支付货款五万元。")
    path = f"/signing/requests/{first['request']['id']}"
    assert code(house.post(f"{path}/grant", {"before": "旧", "after": "新"})) == "text_changed"
    granted = house.post(f"{path}/grant", {"before": first["now"], "after": first["then"], "played": True})
    assert granted.json() == {"uncovered": []}
    assert code(house.post(f"{path}/refuse", {"reason": "晚了"})) == "decided_already"
    path = f"/signing/requests/{second['request']['id']}/refuse"
    assert code(house.post(path, {"reason": " "})) == "needs_reason"
    assert house.post(path, {"reason": "录音为“没有意见”"}).status_code == 202
    text = WRITERS["txt"](house.record)
    assert "请求支付货款五万元。" in text
    assert "原告 李某申请补正（差错）：“三万元”应为“五万元”。准予补正。已播放录音核对。" in text
    assert "“没有”应为“有”。不予补正。理由：录音为“没有意见”。" in text
    assert plaintiff.sign().status_code == 202


def test_a_correction_granted_after_sealing_tells_whose_signatures_it_takes(house: House) -> None:
    plaintiff, witness, judge = house.desk("原告"), house.desk("证人"), house.desk("审判长")
    house.court.conduct.resume(house.id, "书记员")
    house.court.conduct.close(house.id, "书记员")
    for desk in (plaintiff, witness, judge):
        assert desk.sign().status_code == 202
    plaintiff.ask(house.turns[1], "三万元", "五万元")
    (asked,) = house.panel()["requests"]
    answer = house.post(
        f"/signing/requests/{asked['request']['id']}/grant", {"before": asked["now"], "after": asked["then"]}
    )
    assert answer.json() == {"uncovered": ["原告 李某", "审判长 王某"]}
    assert house.record.turns[1].text == "请求支付货款五万元。"
    assert house.record.turns[1].heard.text == "请求支付货款三万元。"


def test_e2_a_party_has_its_own_words_corrected_and_others_only_by_the_clerks_reasoned_word(
    house: House,
) -> None:
    plaintiff = house.desk("原告")
    plaintiff.ask(house.turns[3], "八点", "九点")
    (asked,) = house.panel()["requests"]
    assert not asked["own"]
    path, body = (
        f"/signing/requests/{asked['request']['id']}/grant",
        {"before": asked["now"], "after": asked["then"]},
    )
    assert code(house.post(path, body)) == "not_their_own"
    assert code(house.post(path, {**body, "anyway": True})) == "not_their_own"
    assert house.post(path, {**body, "anyway": True, "reason": "核对录音，确为九点"}).status_code == 200


def test_e5_in_a_criminal_case_a_change_of_what_was_said_is_refused_and_noted(court: Courthouse) -> None:
    house = House(court, "（2024）京0105刑初12号")
    plaintiff = house.desk("原告")
    assert plaintiff.get().json()["criminal"]
    assert plaintiff.ask(house.turns[1], "三万元", "五万元", "变更陈述").json() == {"refused": True}
    assert plaintiff.ask(house.turns[3], "八点", "九点").json() == {"refused": False}
    decided, open_ = house.panel()["requests"]
    assert not decided["decision"]["granted"]
    assert "不得变更陈述" in decided["decision"]["reason"]
    assert open_["decision"] is None
    assert house.record.turns[1].text == "请求支付货款三万元。"
    body = {"before": open_["now"], "after": open_["then"]}
    assert house.post(f"/signing/requests/{open_['request']['id']}/grant", body).status_code == 200


def test_e8_an_accused_signs_and_gives_a_fingerprint(court: Courthouse) -> None:
    house = House(court, "（2024）京0105刑初12号")
    accused = replace(house.who["原告"], role="被告人")
    court.feed.append(house.id, [SignatoryNamed(accused)], "书记员")
    desk = house.desk("原告")
    assert code(desk.sign()) == "unfit_signature"
    assert desk.sign(image="bm90IGEgcG5n").status_code == 400
    assert desk.sign(image=PNG).status_code == 202
    (made,) = house.record.signatures
    assert set(made.kinds) == {SignatureKind.SIGNED, SignatureKind.FINGERPRINT}
    assert made.at


def test_e8_a_refusal_has_its_reason_and_judges_do_not_refuse(house: House) -> None:
    plaintiff, judge = house.desk("原告"), house.desk("审判长")
    assert code(plaintiff.post("refusal", {"reason": ""})) == "needs_reason"
    assert code(judge.post("refusal", {"reason": "忙"})) == "must_sign"
    assert plaintiff.post("refusal", {"reason": "对笔录有异议"}).status_code == 202
    assert house.states()["原告"] == "refused"
    assert plaintiff.sign().status_code == 202  # who refused may still sign
    assert house.states()["原告"] == "signed"


def test_e1_who_is_overdue_is_signed_past_only_with_a_reason(house: House) -> None:
    path = f"/signing/signatories/{house.who['原告'].id}"
    assert code(house.post(f"{path}/overdue", {"reason": "未到庭"})) == "not_overdue"
    assert house.post(f"{path}/due", {"days": 0}).status_code == 202
    assert code(house.post(f"{path}/overdue", {"reason": ""})) == "needs_reason"
    assert house.post(f"{path}/overdue", {"reason": "两次通知未到"}).status_code == 202
    assert house.record.signatures[0].reason == "逾期未签：两次通知未到"
    assert code(house.post(f"{path}/remove")) == "signed_already"


def test_e6_a_witness_is_never_shown_or_played_anothers_testimony(house: House) -> None:
    house.court.record(house.id, [(0, tone(440, 20_000))])
    witness, plaintiff = house.desk("证人"), house.desk("原告")
    shown = witness.get()
    assert [one["turn_id"] for one in shown.json()["lines"]] == [house.turns[2], house.turns[3]]
    assert "三万元" not in shown.text
    path = "/api/sign/audio"
    mine: dict[str, str | int] = {"turn": house.turns[3], "from_ms": 11_000, "to_ms": 12_000}
    assert len(witness.client.get(path, params=mine).content) == 44 + 2 * 16_000
    assert witness.client.get(path, params={**mine, "turn": house.turns[1]}).status_code == 404
    wide = witness.client.get(path, params={**mine, "from_ms": 0, "to_ms": 20_000})
    (size,) = struct.unpack_from("<I", wide.content, 40)
    assert size == 2 * 16 * (house.record.turns[3].end_ms - house.record.turns[3].start_ms)
    assert witness.ask(house.turns[1], "三万元", "五万元").status_code == 404
    assert plaintiff.client.get(path, params={**mine, "turn": house.turns[1]}).status_code == 200
    for door in (f"/api/hearings/{house.id}", f"/api/hearings/{house.id}/audio", "/api/hearings"):
        assert witness.client.get(door).status_code == 401


def test_who_takes_the_same_seat_is_somebody_else(house: House) -> None:
    second = replace(house.who["证人"], id="w2", name="孙某")
    house.court.feed.append(house.id, [SignatoryNamed(second)], "书记员")
    assert lines(house.record, second) == []


def test_a_new_link_or_removal_ends_the_old_one(house: House) -> None:
    first = house.desk("原告")
    second = house.desk("原告")
    assert first.get().status_code == 401
    assert second.get().status_code == 200
    assert house.states()["原告"] == "reading"
    assert house.post(f"/signing/signatories/{house.who['原告'].id}/remove").status_code == 202
    assert second.get().status_code == 401


def test_links_of_screens_open_no_desk_and_desks_no_screen(house: House) -> None:
    token = house.court.people.links.make(house.id, LinkKind.PARTY, "原告", 1, "书记员")
    client = TestClient(house.court.app, base_url=HOST)
    client.headers["X-Tingji"] = "page"
    client.post("/api/link", json={"token": token})
    assert client.get("/api/sign").status_code == 403
    assert house.post("/links", {"kind": "signatory", "label": "甲", "hours": 1}).status_code == 400


def test_d1_every_form_loses_the_mark_with_the_last_signature_also_as_it_is_read(house: House) -> None:
    export = f"/api/hearings/{house.id}/export"
    forms = [f"{export}/{name}" for name in ("txt", "json", "srt", "vtt")]
    forms += [f"{export}/txt?numbers=written&layer=condensed", f"{export}/vtt?fillers=hidden"]
    assert all(NOTICE in house.clerk.get(form).text for form in forms)
    for role in ("原告", "证人", "审判长", "书记员"):
        assert house.desk(role).sign().status_code == 202
    found = [house.clerk.get(form).text for form in forms]
    assert not any(NOTICE in text for text in found)
    assert found[0].startswith("庭审笔录\n")
    assert "\n签字\n原告 李某：签名（" in found[0]
    assert house.clerk.get(forms[1]).json()["signatures"][0]["strokes"] == STROKES
    house.court.texts.edit(house.id, house.turns[4], "没有意见。", "有意见。", "书记员")
    assert all(NOTICE in house.clerk.get(form).text for form in forms)


def test_g3_a_protected_witness_is_named_to_nobody(court: Courthouse) -> None:
    house = House(court)
    seats = tuple(replace(seat, pseudonym="证人甲") if seat.role == "证人" else seat for seat in SEATS)
    court.conduct.change(replace(house.record.hearing, seats=seats), "书记员")
    house.post(f"/signing/signatories/{house.who['证人'].id}/remove")
    house.post("/signing/seats")
    shown = house.desk("原告").get()
    assert "证人甲" in shown.text
    assert "赵某" not in shown.text
    assert "赵某" not in "".join(text_read(house.record, one) for one in house.record.signatories)


def test_what_is_signed_names_others_only_to_who_reads_the_whole(house: House) -> None:
    assert "李某" not in text_read(house.record, house.who["证人"])
    assert "原告 李某" in house.desk("原告").get().json()["head"]
    assert not any("李某" in line for line in house.desk("证人").get().json()["head"])


def test_an_omission_is_proposed_where_its_sound_ends(house: House) -> None:
    plaintiff, turn = house.desk("原告"), house.record.turns[1]
    plaintiff.post("requests", {
        "turn_id": turn.id, "kind": "遗漏", "before": "", "wanted": "立即", "start_ms": turn.start_ms,
        "end_ms": turn.words[1].end_ms, "note": "",
    })  # fmt: skip
    (asked,) = house.panel()["requests"]
    assert asked["then"] == "请求立即支付货款三万元。"


def test_a_correction_of_a_word_said_twice_is_proposed_where_it_was_heard(house: House) -> None:
    turn = house.court.say(house.id, "三万元就是三万元。", 30_000, 1)
    house.desk("原告").post("requests", {
        "turn_id": turn, "kind": "差错", "before": "三万元", "wanted": "五万元", "start_ms": 31_000,
        "end_ms": 31_600, "note": "",
    })  # fmt: skip
    (asked,) = house.panel()["requests"]
    assert asked["then"] == "三万元就是五万元。"


def test_what_was_left_out_of_the_condensed_record_is_not_read_and_times_still_fit(house: House) -> None:
    turn = house.turns[4]
    house.court.texts.omit(house.id, turn, [Omission(0, "没有")], anyway=True, by="书记员")
    line = next(one for one in house.desk("原告").get().json()["lines"] if one["turn_id"] == turn)
    assert line["text"] == "意见。"
    assert [text for text, _, _ in line["words"]] == list("意见。")
    assert line["words"][0][1] == 14_400


def test_an_assessor_without_a_seat_signs_before_the_presiding_judge_by_account(house: House) -> None:
    assessor, _ = house.court.people.accounts.add("钱某", [Role.JUDGE])
    house.court.people.assignments.add(house.id, assessor.id)
    facts = {"name": "钱某", "role": "人民陪审员", "office": "judge", "scope": "whole", "days": 5}
    made = house.post("/signing/signatories", facts).json()["id"]
    for role in ("原告", "证人"):
        house.desk(role).sign()
    assert code(house.desk("审判长").sign()) == "others_first"
    client = house.court.client()
    client.cookies.set(house.court.access.account_cookie, house.court.people.sessions.open(assessor.id))
    desk = Desk(client, f"/api/hearings/{house.id}/sign")
    assert desk.get().json()["signatory"]["id"] == made
    assert desk.sign().status_code == 202
    assert house.desk("审判长").sign().status_code == 202


def test_no_account_signs_for_a_participant(house: House) -> None:
    facts = {"name": "书记员", "role": "原告", "office": "participant", "scope": "whole", "days": 5}
    house.post("/signing/signatories", facts)
    assert [one.role for one in house.record.signatories if one.account == house.court.clerk.id] == ["书记员"]


@pytest.mark.parametrize(
    "body",
    [
        {"strokes": "x"},
        {"strokes": [{"points": [[1, 2]]}]},
        {"strokes": [{"points": [[1, 2, 3], [1, 20_000, 3]]}]},
        {"strokes": [{"points": [[1, 2, 3]]}]},
        {"image": "%%%"},
        {"image": "aGVsbG8="},
        {"strokes": STROKES, "kinds": ["盖章"]},
        {"strokes": [{"points": [[1, True, 3], [1, 2, 3]]}]},
    ],
)
def test_what_is_no_signature_is_refused(house: House, body: dict[str, object]) -> None:
    desk = house.desk("原告")
    assert desk.post("signature", {**desk.read(), **body}).status_code == 400
    assert house.record.signatures == ()


def test_a_text_that_the_page_has_is_not_sent_again(house: House) -> None:
    desk = house.desk("原告")
    seen = desk.get().json()
    path = f"{desk.path}?seen={seen['seq']}&known={seen['digest']}"
    assert desk.client.get(path).json() is None
    house.desk("证人").read()
    again = desk.client.get(path).json()
    assert again["lines"] is None
    assert again["seq"] > seen["seq"]
    house.court.texts.edit(house.id, house.turns[4], "没有意见。", "有意见。", "书记员")
    assert len(desk.client.get(path).json()["lines"]) == len(seen["lines"])
