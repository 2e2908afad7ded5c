"""asr.text: script, marks, words."""

from hypothesis import given
from hypothesis import strategies as st

from asr.script import simplified
from asr.text import written, written_words
from casefile.model import Word


def words(*texts: str) -> list[Word]:
    return [Word(text, i * 100, i * 100 + 100, 0.9) for i, text in enumerate(texts)]


def test_traditional_becomes_simplified() -> None:
    assert simplified("歡迎來到法庭，請陳述訴訟請求") == "欢迎来到法庭，请陈述诉讼请求"


def test_marks_beside_chinese_are_full_width() -> None:
    assert written("没有异议, 请质证?", "zh") == "没有异议，请质证？"
    assert written("属实.下一个问题:是吗!", "zh") == "属实。下一个问题：是吗！"


def test_numbers_and_times_keep_their_marks() -> None:
    assert written("共计3.5万元，即35,000元", "zh") == "共计3.5万元，即35,000元"
    assert written("比例是1:2", "zh") == "比例是1:2"


def test_english_stays_as_it_is() -> None:
    assert written(" Yes, your honour. ", "en") == "Yes, your honour."


def test_marks_join_the_word_before_them() -> None:
    found = written_words(words("没有", "异议", ",", "请", "质证", "。"), "zh")
    assert [word.text for word in found] == ["没有", "异议，", "请", "质证。"]
    assert found[1].start_ms == 100


def test_english_inside_chinese_keeps_its_inner_space() -> None:
    found = written_words(words("用", " Word", " file", "提交"), "zh")
    assert "".join(word.text for word in found) == "用Word file提交"


@given(st.lists(st.text("是不没有the 12,.?!，。著裏", min_size=1, max_size=4), max_size=12))
def test_words_joined_are_the_written_text(texts: list[str]) -> None:
    found = written_words(words(*texts), "zh")
    letters = [c for c in "".join(texts) if c.isalnum()]
    kept = [c for c in "".join(word.text for word in found) if c.isalnum()]
    assert kept == [simplified(c) if c.isalnum() else c for c in letters]
    assert all(word.text for word in found)
