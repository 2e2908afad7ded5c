"""tingji.passages: from the recorder's sound to passages of speech."""

import numpy as np
import pytest

from casefile.model import AudioChunk, AudioFormat, Speech
from tests.clips import mandarin
from tests.fakes import LoudIsSpeech
from tingji.passages import Passages


def tone(seconds: float, rate: int) -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


def quiet(seconds: float, rate: int) -> np.ndarray:
    return np.zeros(int(seconds * rate), np.float32)


def chunks(sound: np.ndarray, rate: int, start_ms: int = 0) -> list[AudioChunk]:
    """Sound of shape (frames,) or (frames, channels) in blocks of 100 ms."""
    sound = sound.reshape(len(sound), -1)
    form, step = AudioFormat(rate, sound.shape[1]), rate // 10
    pcm = (sound * 32767).astype(np.int16)
    return [AudioChunk(form, start_ms + form.ms(at), pcm[at : at + step]) for at in range(0, len(pcm), step)]


def heard(passages: Passages, pieces: list[AudioChunk]) -> list[Speech]:
    return [speech for piece in pieces for speech in passages.hear(piece)]


def times(passages: list[Speech]) -> list[int]:
    return [ms for speech in passages for ms in (speech.start_ms, speech.end_ms)]


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
def test_times_hold_at_any_rate(rate: int) -> None:
    sound = np.concatenate([quiet(2, rate), tone(1, rate), quiet(2, rate)])
    passages = Passages(detector=LoudIsSpeech)
    (speech,) = heard(passages, chunks(sound, rate)) + passages.end()
    assert abs(speech.start_ms - 2000 + 256) <= 64
    assert abs(speech.end_ms - 3000 - 192) <= 64


def test_times_do_not_drift_over_ten_minutes() -> None:
    rate = 44_100
    passages, found = Passages(detector=LoudIsSpeech), []
    for minute in range(10):
        sound = np.concatenate([quiet(29, rate), tone(1, rate), quiet(30, rate)])
        found += heard(passages, chunks(sound, rate, minute * 60_000))
    assert [round((speech.start_ms + 256) / 1000) for speech in found] == [29 + 60 * m for m in range(10)]


def test_a_hole_closes_what_is_open_and_time_goes_on_behind_it() -> None:
    passages = Passages(detector=LoudIsSpeech)
    found = heard(passages, chunks(tone(1, 16_000), 16_000))
    assert found == []
    found = heard(passages, chunks(np.concatenate([tone(1, 16_000), quiet(1, 16_000)]), 16_000, 60_000))
    assert [round(speech.start_ms / 1000) for speech in found] == [0, 60]
    assert found[0].end_ms <= 1100


def test_every_channel_has_its_own_passages_and_crosstalk_gives_none() -> None:
    voice, silence = tone(1, 16_000), quiet(1, 16_000)
    own = np.concatenate([silence, voice, silence, silence])
    other = np.concatenate([silence, silence, voice, silence])
    sound = np.stack([own + 0.18 * other, other + 0.18 * own], axis=1)
    passages = Passages(detector=LoudIsSpeech)
    found = heard(passages, chunks(sound, 16_000)) + passages.end()
    assert [(speech.channel, round(speech.start_ms / 1000)) for speech in found] == [(0, 1), (1, 2)]
    assert found[0].end_ms < 2700


def test_after_a_restart_what_was_dealt_with_is_not_handed_out_again() -> None:
    one = np.concatenate([quiet(2, 16_000), tone(1, 16_000)])
    sound = np.concatenate([one, one, one, one, quiet(2, 16_000)])
    pieces = chunks(sound, 16_000)
    first = Passages(detector=LoudIsSpeech)
    whole = heard(first, pieces) + first.end()
    for done in range(len(whole)):
        again = Passages({0: whole[done].end_ms}, LoudIsSpeech)
        rest = heard(again, [piece for piece in pieces if piece.start_ms >= 1000]) + again.end()
        assert times(rest) == pytest.approx(times(whole[done + 1 :]), abs=40)


def test_real_speech_with_the_real_detector() -> None:
    sound = np.concatenate([quiet(1, 16_000), mandarin(0), quiet(2, 16_000), mandarin(2), quiet(1, 16_000)])
    passages = Passages()
    found = heard(passages, chunks(sound, 16_000)) + passages.end()
    assert len(found) >= 2
    assert found[0].start_ms == pytest.approx(1000, abs=500)
    assert passages.open == []


def test_a_neighbours_words_in_a_seats_passage_are_softened_for_the_recognizer() -> None:
    rng = np.random.default_rng(5)
    voice = (rng.normal(0, 0.1, 32_000) * np.tile(np.hanning(3_200), 10)).astype(np.float32)
    silence, still = quiet(2, 16_000), quiet(0.3, 16_000)
    own = np.concatenate([still, voice, silence, silence, voice, silence])
    other = np.concatenate([still, silence, voice, silence, silence, voice])
    leaked = 0.2 * np.roll(np.stack([other, own], axis=1), 60, axis=0)
    sound = np.stack([own, other], axis=1) + leaked + rng.normal(0, 5e-4, (len(own), 2)).astype(np.float32)
    passages = Passages(detector=LoudIsSpeech)
    found = heard(passages, chunks(sound, 16_000)) + passages.end()
    late = next(speech for speech in found if speech.channel == 0 and speech.end_ms > 8_300)
    tail, there = late.audio[-960:], sound[(late.end_ms - 60) * 16 : late.end_ms * 16, 0]
    assert late.end_ms > 8_450
    assert np.abs(tail).max() < 0.1 * np.abs(there).max()
