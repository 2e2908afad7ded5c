"""Documents over the wire and by the command: who gets which, in which form, and never one of the 副卷 by a link."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from fastapi.testclient import TestClient

from casefile.events import GapFound
from casefile.export.wording import NOTICE
from casefile.feed import Feed
from casefile.model import Gap, GapReason, HearingKind
from casefile.people.nouns import SECRET_KINDS, LinkKind, Role
from casefile.store import Store
from tests.courthouse import HEARING, Courthouse
from tests.test_main import tingji
from tests.test_rights import account_headers, link_headers
from tingji.documents import archive_documents


@pytest.fixture
def hearing_id(court: Courthouse) -> str:
    made = court.hearing()
    court.say(made, "现在开庭。", 1_000)
    return made


def pages(content: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).replace(
        " ", ""
    )


def test_the_list_has_the_record_and_the_papers_that_this_hearing_needs(
    court: Courthouse, hearing_id: str
) -> None:
    url = f"/api/hearings/{hearing_id}/documents"
    rows = court.client().get(url).json()
    assert [row["name"] for row in rows] == ["record", "consent", "integrity", "recording"]
    assert rows[0]["title"].startswith("庭审笔录") and not rows[0]["secret"]
    court.feed.append(hearing_id, [GapFound(Gap(0, 9, GapReason.OVERFLOW))], "tingji")
    assert "fault" in [row["name"] for row in court.client().get(url).json()]


@pytest.mark.parametrize("format", ["docx", "pdf"])
def test_the_record_stands_beside_the_other_exports(court: Courthouse, hearing_id: str, format: str) -> None:
    answer = court.client().get(f"/api/hearings/{hearing_id}/export/{format}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{hearing_id}.record.{format}"'
    assert answer.content[:4] == (b"%PDF" if format == "pdf" else b"PK\x03\x04")
    if format == "pdf":
        assert "审：现在开庭。" in pages(answer.content) and NOTICE in pages(answer.content)


def test_a_paper_by_its_name_with_what_is_wanted_behind_it(court: Courthouse, hearing_id: str) -> None:
    client, url = court.client(), f"/api/hearings/{hearing_id}/documents"
    assert "录音录像情况记录" in client.get(f"{url}/recording/txt").text
    assert "附：逐字" not in client.get(f"{url}/record/txt").text
    assert "00:00:01 审：现在开庭。" in client.get(f"{url}/record/txt?verbatim=true").text
    assert "证据与质证" not in client.get(f"{url}/record/txt?evidence=false").text
    for wrong in ("nothing/pdf", "record/odt", "committee/pdf", "deliberation/txt"):
        assert client.get(f"{url}/{wrong}").json()["code"] == "no_such_document"
    assert client.get("/api/hearings/absent/documents").status_code == 404


@pytest.mark.parametrize("kind", sorted(SECRET_KINDS))
def test_c2_no_link_and_nobody_who_is_not_named_gets_a_document_of_a_secret_meeting(
    court: Courthouse, kind: HearingKind
) -> None:
    hearing_id = court.hearing(replace(HEARING, kind=kind))
    party = link_headers(court, hearing_id, LinkKind.PARTY)
    judge = account_headers(court, "别的法官", Role.JUDGE)
    archivist = account_headers(court, "档案员", Role.ARCHIVIST)
    for path in ("export/pdf", "export/docx", "documents", "documents/record/txt", "documents/recording/pdf"):
        url = f"/api/hearings/{hearing_id}/{path}"
        for headers, status in ((party, 401), (judge, 404), (archivist, 404), ({}, 401)):
            assert (
                TestClient(court.app, base_url="http://127.0.0.1").get(url, headers=headers).status_code
                == status
            )
    answer = court.client().get(f"/api/hearings/{hearing_id}/documents/record/txt")
    assert answer.text.startswith("（副卷）审判工作秘密")


def test_an_archive_has_every_document_the_secret_ones_in_the_inner_volume(
    court: Courthouse, hearing_id: str
) -> None:
    made = archive_documents(court.feed.record(hearing_id), court.office)
    assert "record.pdf" in made and "integrity.docx" in made
    secret = court.hearing(replace(HEARING, kind=HearingKind.COMMITTEE))
    assert all(
        path.startswith("副卷/") for path in archive_documents(court.feed.record(secret), court.office)
    )


def folder(path: Path) -> str:
    with Store(path / "tingji.db") as store:
        Feed(store).create(replace(HEARING, id="h1"), "书记员")
    return str(path)


def test_the_command_writes_documents_and_texts(tmp_path: Path) -> None:
    data, out = folder(tmp_path), tmp_path / "out"
    assert tingji("export", data, "--format", "txt,pdf,docx", "--out", out) == 0
    assert {path.name for path in out.iterdir()} == {"h1.txt", "h1.pdf", "h1.docx"}
    assert tingji("export", data, "--documents", "all", "--format", "pdf", "--out", tmp_path / "all") == 0
    names = {path.name for path in (tmp_path / "all").iterdir()}
    assert names == {"h1.pdf", "h1.consent.pdf", "h1.integrity.pdf", "h1.recording.pdf"}
    assert tingji("export", data, "--documents", "nothing", "--out", out) == 1


def test_the_courts_name_and_templates_come_from_the_settings(tmp_path: Path) -> None:
    data, ours = folder(tmp_path), tmp_path / "ours"
    ours.mkdir()
    (ours / "civil.toml").write_text('title = "本院笔录"\nkinds = ["庭审"]\ncase_words = ["民初"]\n', "utf-8")
    (tmp_path / "tingji.toml").write_text('court = "某市某区人民法院"\ntemplates = "ours"\n', "utf-8")
    assert tingji("export", data, "--format", "pdf", "--out", tmp_path / "out") == 0
    text = pages((tmp_path / "out" / "h1.pdf").read_bytes())
    assert "某市某区人民法院" in text and "本院笔录" in text
    (ours / "civil.toml").write_text('title = "x"\nkinds = ["庭申"]\n', "utf-8")
    assert tingji("export", data, "--format", "pdf", "--out", tmp_path / "out") == 2


def test_templates_are_listed_copied_checked_and_previewed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = tmp_path / "ours"
    assert tingji("templates", "copy", ours) == 0
    assert len(list(ours.glob("*.toml"))) == 11
    assert tingji("templates", "check", ours) == 0
    assert tingji("templates", "list", "--data", tmp_path) == 0
    assert "合议庭评议笔录" in capsys.readouterr().out
    for path in ours.glob("*.toml"):
        if path.stem != "consent":
            path.unlink()
    (ours / "consent.toml").write_text('title = "同意书"\n[[section]]\nfil = "parties"\n', "utf-8")
    assert tingji("templates", "check", ours) == 2
    told = capsys.readouterr().err
    assert "consent.toml" in told and "fill" in told


def test_every_template_can_be_previewed(tmp_path: Path) -> None:
    assert tingji("templates", "preview", "--out", tmp_path / "seen") == 0
    made = {path.stem: pages(path.read_bytes()) for path in (tmp_path / "seen").iterdir()}
    assert len(made) == 11
    assert "审判委员会讨论案件笔录" in made["committee"]
