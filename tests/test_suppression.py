"""asr.suppression: what is held back, and above all what never is."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from asr.segmenter import Segmenter
from asr.suppression import REASONS, Evidence, crowded, invented, looped, only_hints, suspicion, swing_db
from asr.vad import FRAME, Gated
from casefile.model import Mono16k, Speech, Voicing
from tests.clips import mandarin

PROMPT = "王翠霞、谷德刚、李明。以下是普通话的句子，这是一段庭审记录。"
SURE = Evidence(no_speech=0.1, mean_log_probability=-0.3)
SILENCE = Evidence(no_speech=0.9, mean_log_probability=-1.2)
SHORT_WORD = Voicing(ms=192, probability=0.83)
TAP = Voicing(ms=160, probability=0.46)
SHORT_ANSWERS = [
    *(
        "是",
        "是的",
        "是的是的",
        "是的，是的，是的。",
        "我认罪",
        "没有",
        "没有没有",
        "不是",
        "不",
        "有",
        "对",
        "嗯",
    ),
    *("对对对", "属实", "不属实", "无异议", "听清了", "同意", "不清楚", "谢谢", "谢谢大家。"),
]
SPEECH = Path("/work/shared/speech/dev")


@pytest.mark.parametrize("text", SHORT_ANSWERS)
@pytest.mark.parametrize(
    "evidence",
    [
        SURE,
        Evidence(0.264, -0.33, SHORT_WORD),  # 对, cut out of a sentence
        Evidence(0.52, -1.03, Voicing(288, 0.76)),  # the same, 20 dB softer
        Evidence(0.05, -1.14, Voicing(480, 0.88)),  # 没有, cut out of a sentence
        Evidence(0.1, -0.2, TAP),  # hardly a voice, but a sure text
        Evidence(0.65, -0.9, SHORT_WORD),  # the decoder doubts, the detector does not
    ],
)
def test_short_answers_are_never_held_back(text: str, evidence: Evidence) -> None:
    assert suspicion(text, evidence, PROMPT) is None


def test_every_rule_says_why_in_both_languages() -> None:
    assert all(zh and en for zh, en in REASONS.values())
    assert set(REASONS) == {
        "no_speech",
        "no_voice",
        "too_much_text",
        "known_invention",
        "prompt_echo",
        "loop",
        "crosstalk",
    }


@pytest.mark.parametrize(
    "text",
    [
        "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
        "明镜需要您的支持 欢迎收看订阅明镜",
        "字幕by索兰娅",
        "字幕由 Amara.org 社群提供",
        "优优独播剧场——YoYo Television Series Exclusive",
    ],
)
def test_known_inventions_are_named(text: str) -> None:
    assert suspicion(text, SURE) == "known_invention"


@pytest.mark.parametrize("text", ["（音乐）", "[掌声]", "♪♪", "♪ la la ♪", "(music)"])
def test_names_of_sounds_are_no_speech(text: str) -> None:
    assert suspicion(text, SURE) == "known_invention"


@pytest.mark.parametrize(
    "text",
    [
        "被告人在直播间里反复喊请点赞并订阅他的频道，然后骗取了二十余名被害人的钱款",
        "视频结尾有一句谢谢观看，落款是二〇二三年五月三日，原告对此没有异议",
        "字幕",
    ],
)
def test_a_phrase_inside_a_long_statement_takes_nothing_away(text: str) -> None:
    assert not invented(text)


def test_silence_is_named() -> None:
    assert suspicion("谢谢", SILENCE) == "no_speech"


def test_one_sign_of_silence_alone_is_not_enough() -> None:
    assert suspicion("没有", Evidence(0.9, -0.2)) is None
    assert suspicion("没有", Evidence(0.1, -1.5)) is None


def test_what_does_not_sound_like_a_voice_needs_a_surer_text() -> None:
    assert suspicion("试试试", Evidence(0.57, -1.49, Voicing(32, 0.3))) == "no_voice"
    assert suspicion("试试试", Evidence(0.57, -1.49, Voicing(640, 0.9))) is None
    assert suspicion("试试试", Evidence(0.57, -0.5, swing_db=1.0)) == "no_voice"
    assert suspicion("没有", Evidence(0.1, -0.3, Voicing(32, 0.3), swing_db=1.0)) is None


def test_a_cough_holds_no_sentence() -> None:
    doubtful, sure = Evidence(0.3, -0.5, Voicing(256, 0.8)), Evidence(0.01, -0.2, Voicing(256, 0.8))
    assert suspicion("今天的节目就到这里我们下期再见", doubtful) == "too_much_text"
    assert suspicion("今天的节目就到这里我们下期再见", sure) is None
    assert not crowded("我有的时候说不清楚你们知道吗", Voicing(1664, 0.81))
    assert not crowded("the quick brown fox jumped over it", Voicing(1000, 0.9))


def test_prompt_echo_is_named() -> None:
    assert suspicion("以下是普通话的句子", SURE, PROMPT) == "prompt_echo"
    assert suspicion("庭审记录", SURE, PROMPT) is None


@pytest.mark.parametrize("text", ["下午十点钟前，欢迎王翠霞、谷德刚、李明。", "王翠霞是普通话的句子。"])
def test_a_piece_of_the_prompt_inside_other_text_is_an_echo(text: str) -> None:
    """Both really heard in babble far away."""
    assert suspicion(text, SURE, PROMPT) == "prompt_echo"


@pytest.mark.parametrize(
    "text", ["原告谷德刚、被告王翠霞到庭。", "这段录音是普通话，不是方言。", "李明、谷德刚"]
)
def test_what_shares_words_with_the_prompt_stands(text: str) -> None:
    assert suspicion(text, SURE, PROMPT) is None


@pytest.mark.parametrize(
    "text", ["李明。", "李明。李明。", "谷德刚、李明。", "这是一段庭审", "庭审记录", "这段庭审记录"]
)
def test_a_short_echo_needs_a_sure_sound(text: str) -> None:
    """Really heard where 没有 was said softly: 李明。"""
    assert suspicion(text, Evidence(0.236, -0.67, Voicing(672, 0.83)), PROMPT) == "prompt_echo"


@pytest.mark.parametrize("text", ["李明。", "谷德刚", "王翠霞，李明。"])
def test_a_name_that_is_said_stands(text: str) -> None:
    assert suspicion(text, Evidence(0.05, -0.25, Voicing(480, 0.9)), PROMPT) is None


def test_an_answer_is_not_a_hint() -> None:
    assert not any(only_hints(answer, PROMPT) for answer in SHORT_ANSWERS)
    assert not only_hints("李明来了", PROMPT)
    assert only_hints("这段庭审记录是普通话的句子。", PROMPT)
    assert not only_hints("。", PROMPT)


def test_loops_are_found_by_characters() -> None:
    assert looped("行行行行行行行行行行")
    assert looped("加快发展" * 6)
    assert not looped("是的是的是的")
    assert not looped("加快发展现代保险服务业，加快发展现代保险服务业")


def test_steady_noise_does_not_move_and_speech_does() -> None:
    steady = np.random.default_rng(1).normal(0, 0.05, 32_000).astype(np.float32)
    assert swing_db(steady) < 3
    assert swing_db(mandarin(0)) > 10
    assert swing_db(steady[:2000]) is None


def passages(sound: Mono16k) -> list[Speech]:
    segmenter, detector = Segmenter(0), Gated()
    padded = np.pad(sound, (16_000, 16_000))
    frames = padded[: len(padded) // FRAME * FRAME].reshape(-1, FRAME)
    found = [speech for frame in frames for speech in segmenter.push(frame, detector.probability(frame))]
    return found + segmenter.flush()


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_detector_is_sure_of_real_speech(number: int) -> None:
    for speech in passages(mandarin(number)):
        evidence = Evidence(0.65, -0.9, speech.voicing, swing_db(speech.audio))
        assert evidence.voiced
        assert not evidence.unvoiced
        assert suspicion("没有", evidence, PROMPT) is None


@pytest.mark.skipif(not SPEECH.is_dir(), reason="the shared speech is not on this machine")
def test_the_detector_is_sure_of_the_shortest_real_utterances() -> None:
    names = ("AISHELL2-IOS-T0011_001", "AISHELL3-SSB0267_001", "AISHELL3-SSB0012_001")
    for name in names:
        sound, _ = soundfile.read(SPEECH / "utterances" / f"{name}.flac", dtype="float32")
        found = passages(sound)
        assert found
        assert all(Evidence(0, 0, speech.voicing, swing_db(speech.audio)).voiced for speech in found)
