"""diarization.voices: labels that stay, and nobody forced onto the nearest name."""

import numpy as np

from diarization.voices import MOST_MS, Voices

CLEAR, SHORT = 3_000, 600


def voice(number: int, likeness: float = 1.0, towards: int = 191) -> np.ndarray:
    """A voice of length one, like number `number` by `likeness`, and otherwise like `towards`."""
    vector = np.zeros(192, np.float32)
    vector[number], vector[towards] = likeness, np.sqrt(1 - likeness**2)
    return vector


def test_voices_are_numbered_as_they_appear_and_keep_their_label() -> None:
    voices = Voices()
    labels = [voices.name(voice(n), CLEAR).label for n in (0, 1, 0, 2, 1, 0)]
    assert labels == ["未识别 1", "未识别 2", "未识别 1", "未识别 3", "未识别 2", "未识别 1"]


def test_an_enrolled_voice_is_called_by_its_name() -> None:
    voices = Voices()
    voices.teach("审判长", voice(0))
    assert voices.name(voice(0, 0.8), CLEAR).label == "审判长"


def test_nobody_is_forced_onto_the_nearest_name() -> None:
    voices = Voices()
    voices.teach("审判长", voice(0))
    assert voices.name(voice(0, 0.5), CLEAR).label == "未识别 1"


def test_a_short_word_unlike_everybody_is_nobodys_and_founds_no_voice() -> None:
    voices = Voices()
    voices.teach("审判长", voice(0))
    assert voices.name(voice(1), SHORT).label is None
    assert voices.name(voice(1), CLEAR).label == "未识别 1"


def test_a_short_word_of_a_known_voice_is_named_but_teaches_nothing() -> None:
    voices = Voices()
    voices.teach("审判长", voice(0))
    for _ in range(50):
        assert voices.name(voice(0, 0.55), SHORT).label == "审判长"
    assert voices.name(voice(191), CLEAR).label == "未识别 1"


def test_confidence_falls_where_two_voices_are_alike() -> None:
    voices = Voices()
    voices.teach("原告", voice(0))
    voices.teach("被告", voice(1))
    clear = voices.name(voice(0), CLEAR).confidence
    between = voices.name(voice(0, 0.75, towards=1), CLEAR)
    assert between.label == "原告"
    assert clear > 0.95
    assert 0.5 < between.confidence < 0.9


def test_the_likest_of_two_voices_is_chosen() -> None:
    voices = Voices()
    voices.name(voice(0), CLEAR)
    voices.teach("证人", voice(0, 0.9))
    voices.teach("证人", voice(0, 0.9))
    assert voices.name(voice(0, 0.9), CLEAR).label == "证人"


def test_a_voice_follows_its_speaker_for_hours() -> None:
    voices = Voices()
    voices.teach("审判长", voice(0))
    for _ in range(3 * MOST_MS // CLEAR):
        assert voices.name(voice(0, 0.75), CLEAR).label == "审判长"
    assert voices.name(voice(0, 0.2), CLEAR).label == "审判长"  # the voice has changed with the cold
