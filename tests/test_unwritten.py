"""tingji.unwritten, tingji.awaited: a voice that the recognizer wrote no word of is decoded by itself."""

from concurrent.futures import CancelledError, Future

import numpy as np
import pytest

from asr.transcriber import Context
from asr.whisper import Whisper
from casefile.model import (
    Attribution,
    CaseRecord,
    Hearing,
    HearingKind,
    Missed,
    SpeakerSpan,
    Speech,
    Turn,
    Utterance,
    Voicing,
    Word,
)
from tests.clips import mandarin
from tingji.awaited import Awaited
from tingji.outcome import Outcome
from tingji.unwritten import unwritten

HEARING = Hearing("h1", HearingKind.TRIAL)
RECORD = CaseRecord(HEARING)
SPEECH = Speech(0, 1000, np.arange(5 * 16_000, dtype=np.float32), Voicing(4000, 0.9))


def span(label: int, start_ms: int, end_ms: int) -> SpeakerSpan:
    return SpeakerSpan(None, f"未识别 {label}", start_ms, end_ms, Attribution.CLUSTER, 0.8)


def said(text: str, start_ms: int, end_ms: int, suppressed: str | None = None) -> Utterance:
    """A word a character, evenly."""
    step = (end_ms - start_ms) // len(text)
    words = [Word(c, start_ms + n * step, start_ms + (n + 1) * step, 0.9) for n, c in enumerate(text)]
    return Utterance(0, start_ms, end_ms, tuple(words), suppressed)


QUESTION, ANSWER, LAST = span(1, 1000, 3000), span(2, 3000, 3600), span(1, 3600, 6000)
ASKED = said("你收到了吗。", 1000, 3000)


def awaited(
    parts: dict[int, Utterance | Exception], heard: Utterance = ASKED, *spans: SpeakerSpan
) -> Awaited:
    """`parts`: what is decoded of the sound that begins then."""
    asked: Future[Utterance] = Future()
    asked.set_result(heard)

    def decode(speech: Speech) -> Future[Utterance]:
        future: Future[Utterance] = Future()
        found = parts[speech.start_ms]
        if isinstance(found, Exception):
            future.set_exception(found)
        else:
            future.set_result(found)
        return future

    return Awaited(SPEECH, asked, lambda _speech, _heard: spans, decode)


def texts(found: Outcome) -> list[tuple[str, str]]:
    return [(one.speaker, one.text) for one in found if isinstance(one, Turn)]


def test_a_voice_without_a_word_is_found_with_some_sound_before_it() -> None:
    whole = said("你收到了吗没有收到", 1000, 6000)
    (part,) = unwritten(SPEECH, ASKED, (QUESTION, ANSWER))
    assert (part.speech.start_ms, part.speech.end_ms) == (2800, 3600)
    assert part.speech.audio[0] == 1800 * 16
    assert part.speech.voicing == Voicing(800, 0.9)
    assert unwritten(SPEECH, whole, (QUESTION, ANSWER, LAST)) == []


def test_what_is_too_short_or_held_back_is_left_alone() -> None:
    assert unwritten(SPEECH, ASKED, (QUESTION, span(2, 3000, 3299))) == []
    held_back = said("谢谢观看。", 1000, 3000, "known_invention")
    assert unwritten(SPEECH, held_back, (QUESTION, ANSWER)) == []
    assert unwritten(SPEECH, Utterance(0, 1000, 6000, ()), (QUESTION, ANSWER)) == []


def test_the_answer_stands_behind_the_question_under_its_own_voice() -> None:
    one = awaited(
        {2800: said("吗没有。", 2800, 3600), 3400: said("那好", 3600, 6000)}, ASKED, QUESTION, ANSWER, LAST
    )
    assert one.ready()
    found = one.outcome(RECORD)
    assert texts(found) == [("未识别 1", "你收到了吗。"), ("未识别 2", "没有。"), ("未识别 1", "那好")]
    assert [turn.id for turn in found if isinstance(turn, Turn)] == ["0-1000", "0-3000", "0-3600"]


def test_what_cannot_be_decoded_is_on_record_and_the_rest_stands() -> None:
    one = awaited({2800: RuntimeError("broke")}, ASKED, QUESTION, ANSWER)
    found = one.outcome(RECORD)
    assert texts(found) == [("未识别 1", "你收到了吗。")]
    assert [each for each in found if isinstance(each, Missed)] == [Missed(0, 2800, 3600, "RuntimeError")]


def test_a_long_voice_without_words_even_by_itself_is_on_record_as_missed() -> None:
    nothing = Utterance(0, 3400, 6000, ())
    found = awaited({3400: nothing}, ASKED, QUESTION, LAST).outcome(RECORD)
    assert found[1:] == [Missed(0, 3400, 6000, "no_words")]


def test_what_is_held_back_is_flagged_with_its_reason() -> None:
    found = awaited({2800: said("谢谢。", 3000, 3600, "no_speech")}, ASKED, QUESTION, ANSWER).outcome(RECORD)
    assert [each.suppressed for each in found if isinstance(each, Turn)] == [None, "no_speech"]


def test_a_closed_engine_leaves_the_whole_passage_for_the_next_start() -> None:
    one = awaited({2800: CancelledError()}, ASKED, QUESTION, ANSWER)
    with pytest.raises(CancelledError):
        one.outcome(RECORD)


def test_a_sentence_that_whisper_leaves_out_comes_back(whisper: Whisper) -> None:
    first, second = mandarin(0), mandarin(1)
    speech = Speech(0, 0, np.concatenate([first, second]))
    border, end = len(first) // 16, len(speech.audio) // 16
    heard = whisper.transcribe(Speech(0, 0, first), Context())
    (part,) = unwritten(speech, heard, (span(1, 0, border), span(2, border, end)))
    alone = whisper.transcribe(Speech(0, border, second), Context())
    found = "".join(word.text for word in part.spoken(whisper.transcribe(part.speech, Context())).words)
    wanted = "".join(word.text for word in alone.words)
    assert len(found) >= len(wanted) - 3
