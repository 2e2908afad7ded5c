"""asr.suppression: what is held back, and above all what never is."""

import pytest

from asr.suppression import Evidence, looped, suspicion

SURE = Evidence(no_speech=0.1, mean_log_probability=-0.3)
SILENCE = Evidence(no_speech=0.9, mean_log_probability=-1.2)


@pytest.mark.parametrize(
    "text",
    [
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
        "对对对",
        "属实",
        "无异议",
    ],
)
def test_short_answers_are_never_held_back(text: str) -> None:
    assert suspicion(text, SURE, "以下是普通话的句子，这是一段庭审记录。") is None


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


def test_silence_is_named() -> None:
    assert suspicion("谢谢", SILENCE) == "no_speech"


def test_one_sign_of_silence_alone_is_not_enough() -> None:
    assert suspicion("没有", Evidence(0.9, -0.2)) is None
    assert suspicion("没有", Evidence(0.1, -1.5)) is None


def test_prompt_echo_is_named() -> None:
    assert suspicion("以下是普通话的句子", SURE, "以下是普通话的句子，这是一段庭审记录。") == "prompt_echo"
    assert suspicion("庭审记录", SURE, "以下是普通话的句子，这是一段庭审记录。") is None


def test_loops_are_found_by_characters() -> None:
    assert looped("行行行行行行行行行行")
    assert looped("加快发展" * 6)
    assert not looped("是的是的是的")
    assert not looped("加快发展现代保险服务业，加快发展现代保险服务业")
