"""The case's words at the clerk's hand: added, read from papers, removed, offered to mend what was said before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from httpx import Response

from casefile.events import CaseWordsAdded, TurnAdded
from casefile.model import CaseWord, TurnState, WordKind, WordSource
from tests.courthouse import HEARING, Courthouse, turn
from tests.test_case_documents import word_file
from tingji import case_words, papers
from tingji.case_words import Words
from web.case_words import PAPERS

DOCX = next(media for media, ending in PAPERS.items() if ending == ".docx")
MISHEARD = "证人古德康到庭。"


class Desk:
    """The routes of one hearing."""

    def __init__(self, court: Courthouse, hearing_id: str) -> None:
        self.court, self.id = court, hearing_id
        self._client = court.client()

    def post(self, path: str, body: Any) -> Response:
        return self._client.post(f"/api/hearings/{self.id}/{path}", json=body)

    def add(self, *texts: str) -> int:
        answer = self.post("words", {"words": [{"text": text} for text in texts]})
        assert answer.status_code == 200, answer.text
        return int(answer.json()["added"])

    def drop(self, content: bytes, media_type: str) -> Response:
        headers = {"Content-Type": media_type}
        return self._client.post(f"/api/hearings/{self.id}/papers", content=content, headers=headers)

    def words(self) -> dict[str, str]:
        found = self._client.get(f"/api/hearings/{self.id}/words").json()
        return {word["text"]: word["kind"] for word in found}

    def offers(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._client.get(f"/api/hearings/{self.id}/mendings").json()
        return found

    def decide(self, what: str, *offers: dict[str, Any]) -> int:
        places = [place(offer) for offer in offers]
        return self.post(f"mendings/{what}", {"places": places}).status_code

    def said(self) -> list[str]:
        return [turn.text for turn in self.court.feed.record(self.id).turns]

    def says(self, text: str, start_ms: int, **facts: Any) -> str:
        """A turn that Whisper is not sure of."""
        made = replace(turn(f"t{start_ms}", text, start_ms), **facts)
        words = tuple(replace(word, confidence=0.4) for word in made.words)
        self.court.feed.append(self.id, [TurnAdded(replace(made, words=words), made.end_ms)], "recognition")
        return made.id


def place(offer: dict[str, Any]) -> dict[str, Any]:
    change = offer["change"]
    return {"turn_id": offer["turn_id"], "at": change["at"], "after": change["after"]}


@pytest.fixture
def desk(court: Courthouse) -> Desk:
    return Desk(court, court.hearing())


def test_typed_words_get_their_kind_by_their_form_or_as_told(desk: Desk) -> None:
    assert desk.add("谷德刚", "北京德刚商贸有限公司", "釉面砖") == 3
    assert desk.words() == {"谷德刚": "person", "北京德刚商贸有限公司": "firm", "釉面砖": "term"}
    assert (
        desk.post("words", {"words": [{"text": "谷德刚", "kind": "place"}]}).json()["added"] == 1
    )  # a new kind
    assert desk.words()["谷德刚"] == "place"


def test_a_word_twice_is_one_event(desk: Desk) -> None:
    desk.add("谷德刚")
    seq = desk.court.feed.record(desk.id).seq
    assert desk.add("谷德刚") == 0
    assert desk.court.feed.record(desk.id).seq == seq


def test_the_event_says_where_from_and_who(desk: Desk) -> None:
    desk.add("谷德刚")
    last = list(desk.court.store.events(desk.id))[-1]
    assert last.event == CaseWordsAdded((CaseWord("谷德刚", WordKind.PERSON, WordSource.TYPED),))
    assert last.by == "书记员"


def test_a_removed_word_is_gone_and_gone_twice_is_told(desk: Desk) -> None:
    desk.add("谷德刚", "孙小美")
    assert desk.post("words/remove", {"text": "谷德刚"}).status_code == 202
    assert desk.words() == {"孙小美": "person"}
    answer = desk.post("words/remove", {"text": "谷德刚"})
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_word")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"words": []},
        {"words": ["谷德刚"]},
        {"words": [{"text": "谷"}]},
        {"words": [{"text": "谷" * 61}]},
        {"words": [{"text": "谷\n德刚"}]},
        {"words": [{"text": 5}]},
        {"words": [{"text": "谷德刚", "kind": "dog"}]},
        {"words": [{"text": "谷德刚", "source": "papers"}]},
    ],
)
def test_a_word_that_does_not_fit_is_refused(desk: Desk, body: dict[str, object]) -> None:
    assert desk.post("words", body).status_code == 400
    assert desk.words() == {}


def test_there_is_an_end_to_words(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_words, "MOST", 2)
    desk.add("谷德刚", "孙小美")
    answer = desk.post("words", {"words": [{"text": "李四光"}]})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_words")
    assert desk.drop(word_file(), DOCX).json() == {"added": 0, "known": 2, "left_out": 1}


def test_a_paper_brings_its_words_and_is_not_kept(desk: Desk, tmp_path: Path) -> None:
    answer = desk.drop(word_file(), DOCX)
    assert answer.json() == {"added": 3, "known": 0, "left_out": 0}
    assert set(desk.words()) == {"谷德刚", "孙小美", "李四光"}
    assert {word.source for word in desk.court.feed.record(desk.id).case_words} == {WordSource.PAPERS}
    assert desk.drop(word_file(), DOCX).json() == {"added": 0, "known": 3, "left_out": 0}
    assert not any(path.read_bytes()[:2] == b"PK" for path in tmp_path.rglob("*") if path.is_file())


def test_a_word_that_was_removed_does_not_come_back_with_its_paper_but_when_it_is_typed(desk: Desk) -> None:
    desk.drop(word_file(), DOCX)
    desk.post("words/remove", {"text": "谷德刚"})
    assert desk.drop(word_file(), DOCX).json() == {"added": 0, "known": 3, "left_out": 0}
    assert "谷德刚" not in desk.words()
    desk.add("谷德刚")
    assert "谷德刚" in desk.words()


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (b"x", "application/msword", 415, "unknown_document"),
        (b"no zip", DOCX, 422, "unreadable_document"),
        (b" ", "text/plain", 422, "document_without_text"),
        (b"%PDF-1.7 torn", "application/pdf", 422, "unreadable_document"),
    ],
)
def test_a_paper_that_cannot_be_read_is_told(
    desk: Desk, content: bytes, media_type: str, status: int, code: str
) -> None:
    answer = desk.drop(content, media_type)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["zh"]


def test_a_paper_that_is_too_big_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Words, "largest_paper", 1_000_000)
    answer = desk.drop(b"a" * 1_000_001, "text/plain")
    assert (answer.status_code, answer.json()["code"]) == (413, "document_too_big")


def test_earlier_passages_are_offered_and_not_touched(desk: Desk) -> None:
    desk.says(MISHEARD, 0)
    desk.says("我没有收到货款。", 5000)
    assert desk.offers() == []
    desk.add("谷德刚")
    (offer,) = desk.offers()
    change = offer["change"]
    assert (offer["turn_id"], change["at"], change["before"], change["after"]) == (
        "t0",
        2,
        "古德康",
        "谷德刚",
    )
    assert (change["start_ms"], offer["checked"]) == (400, False)
    assert desk.said()[0] == MISHEARD


def test_an_accepted_change_keeps_what_was_heard_and_is_taken_back(desk: Desk) -> None:
    desk.says(MISHEARD, 0)
    desk.add("谷德刚")
    (offer,) = desk.offers()
    assert desk.decide("accept", offer) == 202
    assert desk.said() == ["证人谷德刚到庭。"]
    (change,) = desk.court.feed.record(desk.id).turns[0].changes
    assert (change.before, change.after) == ("古德康", "谷德刚")
    assert desk.offers() == []
    assert desk.post("mendings/undo", place(offer)).status_code == 202
    assert desk.said() == [MISHEARD]
    assert desk.court.feed.record(desk.id).turns[0].changes == ()
    assert desk.offers() == []  # a person has decided


def test_a_refused_change_is_not_offered_again_even_by_a_new_server(desk: Desk) -> None:
    desk.says(MISHEARD, 0)
    desk.add("谷德刚")
    assert desk.decide("refuse", *desk.offers()) == 202
    assert desk.offers() == []
    assert desk.said() == [MISHEARD]
    assert Words(desk.court.feed).offers(desk.id) == ()


def test_all_at_once_are_all_or_none(desk: Desk) -> None:
    desk.says(MISHEARD, 0)
    desk.says("我认识古德康先生。", 5000)
    desk.add("谷德刚")
    first, second = desk.offers()
    assert desk.decide("accept", first, {**second, "turn_id": "t9"}) == 409
    assert desk.said()[0] == MISHEARD
    assert desk.decide("accept", first, second) == 202
    assert desk.said() == ["证人谷德刚到庭。", "我认识谷德刚先生。"]
    assert desk.decide("accept", first) == 409  # it is done already


def test_what_a_person_checked_is_marked(desk: Desk) -> None:
    desk.says(MISHEARD, 0, state=TurnState.CONFIRMED)
    desk.says(MISHEARD, 5000, state=TurnState.EDITED)
    desk.says(MISHEARD, 9000)
    desk.add("谷德刚")
    assert [offer["checked"] for offer in desk.offers()] == [True, True, False]


def test_what_is_held_back_and_other_languages_are_not_offered(desk: Desk, court: Courthouse) -> None:
    desk.says(MISHEARD, 0, suppressed="loop")
    desk.add("谷德刚")
    assert desk.offers() == []
    english = Desk(court, court.hearing(replace(HEARING, language="en")))
    english.says(MISHEARD, 0)
    english.add("谷德刚")
    assert english.offers() == []


def test_a_removed_word_offers_nothing_and_a_second_word_is_looked_for_too(desk: Desk) -> None:
    desk.says(MISHEARD, 0)
    desk.says("证人章微到庭。", 5000)
    desk.add("谷德刚")
    assert len(desk.offers()) == 1
    desk.add("张薇")
    assert [offer["change"]["after"] for offer in desk.offers()] == ["谷德刚", "张薇"]
    desk.post("words/remove", {"text": "谷德刚"})
    assert [offer["change"]["after"] for offer in desk.offers()] == ["张薇"]


def test_words_can_be_prepared_and_not_changed_after_the_closing(desk: Desk, court: Courthouse) -> None:
    waiting = Desk(court, court.hearing(started=False))
    assert waiting.add("谷德刚") == 1
    desk.says(MISHEARD, 0)
    desk.add("谷德刚")
    (offer,) = desk.offers()
    court.conduct.close(desk.id, "书记员")
    assert desk.offers() == []
    assert desk.decide("accept", offer) == 409
    assert desk.post("words", {"words": [{"text": "孙小美"}]}).json()["code"] == "wrong_state"
    assert desk.drop(word_file(), DOCX).json()["code"] == "wrong_state"
    assert desk.post("words/remove", {"text": "谷德刚"}).status_code == 409
    assert desk.words() == {"谷德刚": "person"}


@pytest.mark.parametrize(
    "body",
    [
        {"places": []},
        {"places": [{"turn_id": "t0", "at": -1, "after": "x"}]},
        {"places": [{"turn_id": "t0", "at": True, "after": "x"}]},
        {"places": [{"turn_id": "t0", "at": 1, "after": "x", "before": "y"}]},
    ],
)
def test_a_decision_that_does_not_fit_is_refused(desk: Desk, body: dict[str, object]) -> None:
    assert desk.post("mendings/accept", body).status_code == 400


def test_no_hearing_no_words(court: Courthouse) -> None:
    nowhere = Desk(court, "nowhere")
    assert nowhere.post("words", {"words": [{"text": "谷德刚"}]}).status_code == 404
    assert nowhere.drop(b"x", "text/plain").status_code == 404
    assert nowhere.post("mendings/undo", {"turn_id": "t", "at": 0, "after": "x"}).status_code == 404


def test_no_error_names_the_word_or_the_paper(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.post("words/remove", {"text": "谷德刚"})
    desk.drop("原告：谷德刚".encode("utf-16")[:-1], "text/plain")
    assert "谷德刚" not in caplog.text
    assert papers.PATIENCE_S == 60
