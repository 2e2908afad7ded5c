"""一键归档 on the page of a sealed hearing, in a real Chromium; and its routes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from casefile.events import HearingClosed, RecordSealed
from casefile.export import SEALED
from casefile.record import fold
from casefile.seal import seal
from casefile.verify_package import verify_any
from tests.courthouse import Courthouse, tone
from tests.hall import until
from tests.test_pages import open_hearing
from tingji.court_key import make
from tingji.settings import read_settings

PASSPHRASE = "correct horse"


@pytest.fixture
def hearing_id(court: Courthouse) -> str:
    """Recorded, closed and sealed for good."""
    hearing_id = court.hearing()
    court.record(hearing_id, [(0, tone(440, 2_000))])
    court.say(hearing_id, "现在开庭。", 0, 0)
    close_and_seal(court, hearing_id, 2_000)
    return hearing_id


def close_and_seal(court: Courthouse, hearing_id: str, length_ms: int) -> None:
    """What closing does, at once."""
    court.feed.append(hearing_id, [HearingClosed(length_ms)], "closing")
    events = court.store.events(hearing_id)
    recording = court.conduct.recordings / hearing_id
    done = seal(fold(events), events, recording, court.settings.records / hearing_id, writers=SEALED)
    court.feed.append(hearing_id, [RecordSealed(done.manifest_sha256, done.manifest_sm3)], "closing")


def give_key(court: Courthouse, tmp_path_factory: pytest.TempPathFactory, passphrase: str | None) -> None:
    """The technician has made the court's key while the server runs."""
    key = tmp_path_factory.mktemp("etc") / "court.key"
    make(key, court.settings.data, passphrase)
    court.archives.settings = read_settings(court.settings.data, {"court_key": key}, {})


@pytest.mark.browser
def test_the_page_archives_and_hands_it_out(
    page: Page, court: Courthouse, hearing_id: str, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    give_key(court, tmp_path_factory, PASSPHRASE)
    open_hearing(page, hearing_id)
    box = page.locator("archive-box")
    box.locator("[name=retention]").select_option("60年")
    box.locator("[name=passphrase]").fill("not this one")
    box.locator("[data-act=archive]").click()
    expect(box.get_by_role("alert")).to_contain_text("口令")
    box.locator("[name=retention]").select_option("60年")
    box.locator("[name=passphrase]").fill(PASSPHRASE)
    box.locator("[data-act=archive]").click()
    expect(box).to_contain_text("60年")
    expect(box).to_contain_text("签名密钥指纹")
    with page.expect_download() as fetched:
        box.locator("[data-act=fetch-archive]").click()
    fetched.value.save_as(tmp_path / "fetched.zip")
    found = verify_any(tmp_path / "fetched.zip")
    assert found.ok and found.hearing_id == hearing_id


@pytest.mark.browser
def test_without_a_key_the_page_says_what_to_do(page: Page, hearing_id: str) -> None:
    open_hearing(page, hearing_id)
    expect(page.locator("archive-box")).to_contain_text("tingji key make")
    expect(page.locator("[data-act=archive]")).to_have_count(0)


def test_the_routes(court: Courthouse, hearing_id: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path, client = f"/api/hearings/{hearing_id}/archive", court.client()
    assert client.get(path).json() == {
        "step": "none",
        "done": 0.0,
        "error": None,
        "facts": None,
        "key": "none",
    }
    assert client.get(f"{path}/zip").status_code == 404
    assert client.post(path, json={}).json()["code"] == "no_court_key"
    give_key(court, tmp_path_factory, None)
    assert client.get(path).json()["key"] == "open"
    assert client.post(path, json={"retention": "99年"}).status_code == 400
    assert client.post(path, json={"colour": "red"}).status_code == 400
    for made in (1, 2):  # again after more was signed: the earlier archive stays
        assert client.post(path, json={"retention": "永久"}).status_code == 202
        until(lambda: client.get(path).json()["step"] == "done")
        assert len(list((court.settings.data / "archives" / hearing_id).glob("*/*.zip"))) == made
    facts = client.get(path).json()["facts"]
    assert facts["retention"] == "永久" and len(facts["findings"]) == 10
    assert client.get(f"{path}/zip").headers["content-type"] == "application/zip"
    draft = court.hearing(started=False)
    assert client.post(f"/api/hearings/{draft}/archive", json={}).json()["code"] == "nothing_sealed"


def test_what_fails_is_told(
    court: Courthouse, hearing_id: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    give_key(court, tmp_path_factory, None)
    (court.settings.records / hearing_id / "record.txt").write_text("x")
    path, client = f"/api/hearings/{hearing_id}/archive", court.client()
    assert client.post(path, json={}).status_code == 202
    until(lambda: client.get(path).json()["step"] == "failed")
    assert client.get(path).json()["error"]["code"] == "failed_tests"
    assert client.get(path).json()["facts"] is None
