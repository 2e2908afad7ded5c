"""A4: a gap without a lawful reason is explained by the recordist and reviewed by the judge, and blocks the archive until then."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from casefile.documents.document import SignatureLine, text_of
from casefile.documents.making import make
from casefile.documents.material import Material
from casefile.documents.template import load_templates
from casefile.events import GapFound, HearingClosed, RecordSealed
from casefile.explaining import archive_blockers, digest_of, fault_id
from casefile.faults import FaultExplanation, FaultReview
from casefile.model import CaseRecord, Gap, GapReason, Hearing, HearingKind
from casefile.signatures import Stroke
from tests.courthouse import Courthouse

FAULT = Gap(60_000, 65_000, GapReason.RECORDER_STOPPED)
OTHER = Gap(90_000, 91_500, GapReason.UNPLUGGED, 1)
LAWFUL = Gap(70_000, 80_000, GapReason.PAUSE)
STROKES = (Stroke(((0, 0, 0), (9000, 9000, 40))),)
EXPLAINED = FaultExplanation(
    (fault_id(FAULT), fault_id(OTHER)), "录音程序重启", "已恢复，两路副本一致", "丁某", STROKES
)
REVIEWED = FaultReview(digest_of(EXPLAINED), "甲某", STROKES)
RECORD = CaseRecord(Hearing("h", HearingKind.TRIAL), gaps=(FAULT, LAWFUL, OTHER))
POINTS = [{"points": [[0, 0, 0], [9000, 9000, 40]]}]


def paper(record: CaseRecord) -> str:
    return text_of(make(Material(record), load_templates()["fault"]))


def test_every_fault_blocks_until_it_is_explained_and_reviewed() -> None:
    assert [one.code for one in archive_blockers(RECORD)] == ["fault_not_explained"] * 2
    assert "00:01:00" in archive_blockers(RECORD)[0].zh
    told = replace(RECORD, fault_explanations=(EXPLAINED,))
    assert [one.code for one in archive_blockers(told)] == ["fault_not_reviewed"] * 2
    assert archive_blockers(replace(told, fault_reviews=(REVIEWED,))) == []
    assert archive_blockers(replace(RECORD, gaps=(LAWFUL,))) == []


def test_an_explanation_that_is_changed_after_the_review_blocks_again() -> None:
    changed = replace(EXPLAINED, what="录音程序重启两次")
    record = replace(RECORD, fault_explanations=(EXPLAINED, changed), fault_reviews=(REVIEWED,))
    assert [one.code for one in archive_blockers(record)] == ["fault_not_reviewed"] * 2


def test_a_new_fault_blocks_though_the_others_are_signed() -> None:
    new = Gap(100_000, 101_000, GapReason.DISK_FULL)
    record = replace(
        RECORD, gaps=(*RECORD.gaps, new), fault_explanations=(EXPLAINED,), fault_reviews=(REVIEWED,)
    )
    assert [one.start_ms for one in archive_blockers(record)] == [100_000]


def test_the_paper_is_filled_before_anybody_writes_and_blank_where_they_must() -> None:
    text = paper(RECORD)
    assert "1 | 00:01:00 | 00:01:05 | 5.0 秒 | 全部声道 | 录音程序停止，声音缺失" in text
    assert "2 | 00:01:30 | 00:01:31 | 1.5 秒 | 第2声道 | 话筒断开，声音缺失" in text
    assert "就序号 1、2 说明如下：____" in text and "记录人：\n审判长／独任审判员审核：" in text
    assert "00:01:10" not in text


def test_the_paper_has_the_words_and_both_signatures() -> None:
    record = replace(RECORD, fault_explanations=(EXPLAINED,), fault_reviews=(REVIEWED,))
    assert "就序号 1、2 说明如下：录音程序重启" in paper(record)
    document = make(Material(record), load_templates()["fault"])
    lines = [one for part in document.sections for one in part.blocks if isinstance(one, SignatureLine)]
    assert [(one.label, one.name, bool(one.strokes)) for one in lines] == [
        ("记录人", "丁某", True),
        ("审判长／独任审判员审核", "甲某", True),
    ]


@pytest.fixture
def hearing_id(court: Courthouse) -> str:
    made = court.hearing()
    court.feed.append(made, [GapFound(FAULT), GapFound(OTHER)], "tingji")
    return made


def explain(client: TestClient, hearing_id: str, *ids: str, **more: object) -> int:
    body = {
        "faults": list(ids),
        "what": "录音程序重启",
        "remedy": "无",
        "name": "丁某",
        "strokes": POINTS,
        **more,
    }
    return client.post(f"/api/hearings/{hearing_id}/faults/explain", json=body).status_code


def test_over_the_wire_from_the_gap_to_the_review_also_after_the_seal(
    court: Courthouse, hearing_id: str
) -> None:
    client, url = court.client(), f"/api/hearings/{hearing_id}/faults"
    court.feed.append(hearing_id, [HearingClosed(100_000), RecordSealed("ab" * 32, None)], "tingji")
    rows = client.get(url).json()
    assert [row["blocker"]["code"] for row in rows] == ["fault_not_explained"] * 2
    assert explain(client, hearing_id, *(row["id"] for row in rows)) == 202
    rows = client.get(url).json()
    assert rows[0]["explanation"]["what"] == "录音程序重启" and rows[0]["digest"] == rows[1]["digest"]
    body = {"digest": rows[0]["digest"], "name": "甲某", "strokes": POINTS}
    assert client.post(f"{url}/review", json=body).status_code == 202
    assert [row["blocker"] for row in client.get(url).json()] == [None, None]
    assert archive_blockers(court.feed.record(hearing_id)) == []


def test_what_does_not_fit_is_refused(court: Courthouse, hearing_id: str) -> None:
    client, url = court.client(), f"/api/hearings/{hearing_id}/faults"
    assert explain(client, hearing_id, "1-2-all-overflow") == 409
    assert explain(client, hearing_id) == 409
    assert explain(client, hearing_id, fault_id(FAULT), what=" ") == 400
    assert explain(client, hearing_id, fault_id(FAULT), name="") == 400
    assert explain(client, hearing_id, fault_id(FAULT), strokes=[{"points": [[0, 0, 20_000_000_000]]}]) == 400
    assert explain(client, hearing_id, fault_id(FAULT)) == 202
    digest = client.get(url).json()[0]["digest"]
    review = {"digest": digest, "name": "甲某", "strokes": POINTS}
    assert client.post(f"{url}/review", json={**review, "strokes": []}).status_code == 400
    assert client.post(f"{url}/review", json={**review, "digest": "ab" * 32}).status_code == 409
    assert explain(client, hearing_id, fault_id(FAULT), what="又改了") == 202
    assert client.post(f"{url}/review", json=review).status_code == 409


def test_before_the_recording_there_is_nothing_to_explain(court: Courthouse) -> None:
    assert explain(court.client(), court.hearing(started=False), "x") == 409
