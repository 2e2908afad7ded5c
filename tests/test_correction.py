"""asr.correction: the case's words are mended by sound, and nothing else moves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asr.correction import Change, correct, may_become
from asr.lexicon import EMPTY, Entry, Kind, Lexicon, Source, words_of_court
from casefile.model import Word

CASE = words_of_court().adding(
    [
        Entry.of("谷德刚", Kind.PERSON, Source.HEARING),
        Entry.of("张薇", Kind.PERSON, Source.HEARING),
        Entry.of("欧阳明珠", Kind.PERSON, Source.DOCUMENT),
        Entry.of("北京康泰商贸有限公司", Kind.FIRM, Source.DOCUMENT),
        Entry.of("霞浦县", Kind.PLACE, Source.DOCUMENT),
        Entry.of("（2024）京0105民初12345号", Kind.CASE_NUMBER, Source.HEARING),
    ]
)


def heard(text: str, confidence: float = 0.4) -> tuple[Word, ...]:
    """One word for two characters, 200 ms a character."""
    pieces = [text[at : at + 2] for at in range(0, len(text), 2)]
    return tuple(Word(piece, at * 400, at * 400 + 400, confidence) for at, piece in enumerate(pieces))


def mended(text: str, confidence: float = 0.4, lexicon: Lexicon = CASE) -> str:
    return "".join(word.text for word in correct(heard(text, confidence), lexicon)[0])


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("古德康毕业于实践大学", "谷德刚毕业于实践大学"),
        ("证人古的刚到庭", "证人谷德刚到庭"),
        ("我是欧阳名珠", "我是欧阳明珠"),
        ("原告北京康太商茂有限公司诉称", "原告北京康泰商贸有限公司诉称"),
        ("他住在下浦县城", "他住在霞浦县城"),
        ("双方对举正责任导致有争议", "双方对举证责任倒置有争议"),
    ],
)
def test_what_was_misheard_is_mended(text: str, right: str) -> None:
    assert mended(text) == right


def test_a_change_tells_what_stood_there_and_when() -> None:
    words, changes = correct(heard("证人古德康到庭"), CASE)
    assert [word.text for word in words] == ["证人", "谷德", "刚到", "庭"]
    (change,) = changes
    assert (change.at, change.before, change.after) == (2, "古德康", "谷德刚")
    assert (change.start_ms, change.end_ms, change.reason) == (400, 1200, "lexicon")
    assert 0.5 <= change.confidence <= 1
    assert not change.doubt


@pytest.mark.parametrize(
    "text",
    [
        "谷德刚毕业于实践大学",
        "他在古代的康复中心工作",
        "有一张围棋桌子",
        "我们坚定不移地执政为民",
        "不是的，没有，我没有收到这笔钱",
        "被上述人员殴打",
        "上述事实有证据证明",
        "他把定金交给了张先生",
        "原告人和被告人都没有异议",
    ],
)
def test_common_words_stay(text: str) -> None:
    assert mended(text) == text


def test_a_confident_word_is_not_moved_by_a_weak_match() -> None:
    assert mended("古德康来了", 0.4) == "谷德刚来了"
    assert mended("胡德康来了", 0.99) == "胡德康来了"


def test_a_short_name_needs_a_title_beside_it_or_an_unsure_recognizer() -> None:
    assert mended("证人章微到庭", 0.8) == "证人张薇到庭"
    assert mended("章微女士到庭", 0.8) == "张薇女士到庭"
    assert mended("他说章微来过", 0.8) == "他说章微来过"


def test_a_short_name_needs_its_very_syllables() -> None:
    assert mended("证人章灰到庭") == "证人章灰到庭"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("没有", "美有"),
        ("不有", "部有"),
        ("三明", "山明"),
        ("定金", "订金"),
        ("原告", "被告"),
        ("质证", "质证"),
    ],
)
def test_negations_numbers_and_pairs_for_a_person_are_not_touched_by_sound(one: str, other: str) -> None:
    assert not may_become(one, other)
    assert not may_become(other, one)


def test_numbers_are_never_moved() -> None:
    case = EMPTY.adding([Entry.of("武百万", Kind.PERSON, Source.CLERK)])
    assert mended("人民币五百万元", lexicon=case) == "人民币五百万元"


def test_marks_and_latin_letters_split_a_name() -> None:
    assert mended("古德，康来了") == "古德，康来了"
    assert mended("古德A康") == "古德A康"


def test_a_doubt_changes_nothing() -> None:
    words, changes = correct(heard("他交了订金"), CASE)
    assert "".join(word.text for word in words) == "他交了订金"
    (change,) = changes
    assert change.doubt
    assert (change.before, change.after) == ("订金", "定金")


def test_a_homophone_is_told_as_one() -> None:
    (change,) = correct(heard("下面进行执政"), CASE)[1]
    assert (change.before, change.after, change.reason) == ("执政", "质证", "homophone")


def test_without_words_there_is_nothing() -> None:
    assert correct((), CASE) == ((), ())


WORDS = st.lists(
    st.builds(
        lambda text, confidence: (text, round(confidence, 2)),
        st.text(
            st.sampled_from("古德康谷刚张章薇微执政质证举正上诉述订定金没有不是的，。 进行意见五百万A"),
            min_size=1,
            max_size=4,
        ),
        st.floats(0, 1),
    ),
    max_size=14,
).map(
    lambda pieces: tuple(Word(text, at * 300, at * 300 + 300, sure) for at, (text, sure) in enumerate(pieces))
)


@settings(max_examples=60, deadline=None)
@given(WORDS)
def test_nothing_moves_with_an_empty_lexicon(words: tuple[Word, ...]) -> None:
    assert correct(words, EMPTY) == (words, ())


@settings(max_examples=150, deadline=None)
@given(WORDS)
def test_times_confidences_and_lengths_are_kept_and_every_change_is_told(words: tuple[Word, ...]) -> None:
    after, changes = correct(words, CASE)
    assert [(w.start_ms, w.end_ms, w.confidence, len(w.text)) for w in after] == [
        (w.start_ms, w.end_ms, w.confidence, len(w.text)) for w in words
    ]
    assert undone(after, changes) == "".join(word.text for word in words)


@settings(max_examples=150, deadline=None)
@given(WORDS)
def test_a_second_time_changes_nothing(words: tuple[Word, ...]) -> None:
    after, _ = correct(words, CASE)
    again, changes = correct(after, CASE)
    assert again == after
    assert all(change.doubt for change in changes)


def undone(words: tuple[Word, ...], changes: tuple[Change, ...]) -> str:
    """The text with every change taken back."""
    text = "".join(word.text for word in words)
    for change in changes:
        if not change.doubt:
            assert text[change.at : change.at + len(change.after)] == change.after
            text = text[: change.at] + change.before + text[change.at + len(change.before) :]
    return text
