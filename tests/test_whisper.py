"""asr.whisper: the real model on real sound."""

from difflib import SequenceMatcher

import numpy as np
import pytest

from asr.suppression import Evidence
from asr.text import MARKS
from asr.transcriber import Context
from asr.whisper import Whisper, length_limit, token_cap
from casefile.model import Speech, Voicing
from tests.clips import mandarin, mandarin_texts


def letters(text: str) -> str:
    return "".join(character for character in text if character not in MARKS and not character.isspace())


@pytest.mark.parametrize("number", [0, 1])
def test_what_is_said_is_written(whisper: Whisper, number: int) -> None:
    found = whisper.transcribe(Speech(0, 5000, mandarin(number)), Context())
    wanted = letters(mandarin_texts()[number])
    assert SequenceMatcher(None, letters(found.text), wanted).ratio() > 0.7 or found.text.startswith("1")
    assert found.suppressed is None


def test_words_lie_inside_the_passage_in_order(whisper: Whisper) -> None:
    speech = Speech(2, 60_000, mandarin(2))
    found = whisper.transcribe(speech, Context())
    assert found.channel == 2
    assert len(found.words) >= 5
    moments = [moment for word in found.words for moment in (word.start_ms, word.end_ms)]
    assert moments == sorted(moments)
    assert moments[0] >= speech.start_ms
    assert moments[-1] <= speech.end_ms
    assert all(0 < word.confidence <= 1 for word in found.words)


def test_tentative_text_is_much_the_same_with_the_probability_of_each_piece(whisper: Whisper) -> None:
    speech = Speech(0, 0, mandarin(1))
    tentative = whisper.transcribe(speech, Context(tentative=True))
    assert SequenceMatcher(None, letters(tentative.text), letters(mandarin_texts()[1])).ratio() > 0.5
    assert all(0 < word.confidence <= 1 for word in tentative.words)
    assert len({word.confidence for word in tentative.words}) > 1


def test_tentative_text_goes_on_from_what_stands(whisper: Whisper) -> None:
    speech = Speech(0, 0, mandarin(1))
    whole = whisper.transcribe(speech, Context(tentative=True)).text
    again = whisper.transcribe(speech, Context(tentative=True, settled=whole[:5]))
    assert again.text.startswith(whole[:5])


def test_noise_is_not_written_as_speech(whisper: Whisper) -> None:
    noise = np.random.default_rng(3).normal(0, 0.02, 16_000 * 4).astype(np.float32)
    found = whisper.transcribe(Speech(0, 0, noise), Context())
    assert found.text == "" or found.suppressed
    assert whisper.transcribe(Speech(0, 0, noise), Context(tentative=True)).words == ()


def test_the_same_sound_gives_the_same_text(whisper: Whisper) -> None:
    speech = Speech(0, 0, mandarin(2))
    assert whisper.transcribe(speech, Context()) == whisper.transcribe(speech, Context())


def test_another_language(whisper: Whisper) -> None:
    found = whisper.transcribe(Speech(0, 0, mandarin(1)), Context.of("en"))
    assert found.text.isascii()


def test_cantonese_is_taken_for_chinese_by_a_model_that_does_not_know_it(whisper: Whisper) -> None:
    assert whisper.transcribe(Speech(0, 0, mandarin(1)), Context(language="yue", prompt="")).words


def test_tokens_are_capped_by_duration() -> None:
    assert token_cap(100) == 30
    assert token_cap(2000) == 296


@pytest.mark.parametrize("sure_without", [True, False])
def test_an_answer_that_the_prompt_drowned_is_decoded_again_without_it(
    whisper: Whisper, monkeypatch: pytest.MonkeyPatch, sure_without: bool
) -> None:
    voicing, seen = Voicing(900, 0.9), list[Evidence]()

    def echo(_text: str, evidence: Evidence, prompt: str = "") -> str | None:
        seen.append(evidence)
        return None if sure_without and not prompt else "prompt_echo"

    monkeypatch.setattr("asr.whisper.suspicion", echo)
    found = whisper.transcribe(Speech(0, 0, mandarin(1), voicing), Context(prompt="谷德刚、李明。"))
    assert (found.suppressed is None) == sure_without
    assert len(seen) == 2
    assert all(evidence.voicing == voicing and evidence.swing_db for evidence in seen)


def test_where_no_voice_is_sure_a_held_back_text_is_not_tried_again(
    whisper: Whisper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asr.whisper.suspicion", lambda _text, _evidence, prompt="": prompt and "no_speech")
    found = whisper.transcribe(Speech(0, 0, mandarin(1), Voicing(160, 0.4)), Context())
    assert found.suppressed == "no_speech"


def test_many_passages_at_once_get_the_same_text_as_each_alone(whisper: Whisper) -> None:
    cuts = [(0, 0), (1, 0), (2, 0), (2, 200), (2, 400), (0, 160), (1, 80)]
    passages = [Speech(n, n * 9000, mandarin(clip)[skip:]) for n, (clip, skip) in enumerate(cuts)]
    together = whisper.transcribe_all(passages, Context())
    assert together == [whisper.transcribe(speech, Context()) for speech in passages]
    assert [found.channel for found in together] == list(range(len(cuts)))
    assert whisper.transcribe_all([], Context()) == []


@pytest.mark.parametrize(("prompt", "cap"), [(4, 296), (29, 296), (29, 58), (200, 58)])
def test_the_decoder_is_allowed_as_many_tokens_as_the_cap_says(prompt: int, cap: int) -> None:
    limit = length_limit(prompt, cap)
    assert min(limit // 2, limit - prompt) >= min(cap, 224)
