"""tingji.offers: with the real model, a word that is added late mends what was said before, and what comes next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asr.whisper import Whisper
from casefile.model import CaseRecord, CaseWord, Hearing, HearingKind, Speech, Turn, WordKind, WordSource
from tests.clips import mandarin
from tingji import offers
from tingji.knowledge import context_of
from tingji.offers import Offers
from tingji.outcome import outcome, speakers_of

HEARING = Hearing("h1", HearingKind.TRIAL)
WORD = CaseWord("天地玄黄", WordKind.TERM, WordSource.TYPED)


def heard(whisper: Whisper, words: tuple[CaseWord, ...], start_ms: int) -> Turn:
    speech = Speech(0, start_ms, mandarin(2))
    said = whisper.transcribe(speech, context_of(HEARING, words))
    (turn,) = outcome(speech, said, speakers_of(speech, said, HEARING), HEARING, words)
    assert isinstance(turn, Turn)
    return turn


def test_a_late_word_mends_what_came_before_by_offer_and_what_comes_next_by_itself(whisper: Whisper) -> None:
    before = heard(whisper, (), 0)
    assert "天地玄黄" not in before.text  # the clip is one that Whisper base mishears
    after = heard(whisper, (WORD,), 60_000)
    assert "天地玄黄" in after.text
    record = CaseRecord(HEARING, turns=(before, after), case_words=(WORD,))
    (offer,) = Offers().of(record)
    assert (offer.turn_id, offer.change.after) == (before.id, "天地玄黄")
    assert before.text[offer.change.at :].startswith(offer.change.before)


def test_a_turn_is_looked_at_once_for_each_word(monkeypatch: pytest.MonkeyPatch, whisper: Whisper) -> None:
    looks: list[int] = []
    correct = offers.correct
    monkeypatch.setattr(offers, "correct", lambda words, lexicon: looks.append(1) or correct(words, lexicon))
    turn = heard(whisper, (), 0)
    record = CaseRecord(HEARING, turns=(turn, replace(turn, id="t2")), case_words=(WORD,))
    found, kept = Offers(), 0
    for _ in range(3):
        assert len(found.of(record)) == 2
        kept = kept or len(looks)
    assert len(looks) == kept
