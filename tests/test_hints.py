"""asr.hints: the prompt is short, holds the surest words and is never taken for an echo."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from asr.hints import BUDGET, prompt
from asr.lexicon import EMPTY, Entry, Kind, Lexicon, Source, words_of_court
from asr.suppression import echoes
from asr.transcriber import PROMPTS

BASE = PROMPTS["zh"]
TEXTS = st.text(
    st.sampled_from("谷德刚张伟李明康泰商贸有限公司北京朝阳区以下是普通话的句子"), min_size=1, max_size=14
)
ENTRIES = st.builds(Entry.of, TEXTS, st.sampled_from(Kind), st.sampled_from(Source))


def lexicon(*names: str, kind: Kind = Kind.PERSON, source: Source = Source.HEARING) -> Lexicon:
    return EMPTY.adding(Entry.of(name, kind, source) for name in names)


def test_without_words_of_the_case_the_base_stays() -> None:
    assert prompt(EMPTY, BASE) == BASE
    assert prompt(words_of_court(), BASE) == BASE


def test_names_stand_before_the_base() -> None:
    assert prompt(lexicon("谷德刚"), BASE) == "谷德刚。" + BASE


def test_firms_are_told_by_their_core() -> None:
    assert prompt(lexicon("北京康泰商贸有限公司", kind=Kind.FIRM), BASE) == "康泰。" + BASE


def test_the_budget_takes_the_surest() -> None:
    paper = lexicon(*(f"琉璃{chr(0x4E00 + i)}" for i in range(100)), kind=Kind.TERM, source=Source.DOCUMENT)
    made = prompt(paper.adding(lexicon("谷德刚").entries), BASE)
    assert "谷德刚" in made
    assert len(made) <= BUDGET


def test_roles_are_left_to_whisper() -> None:
    assert prompt(lexicon("审判长", "被告", kind=Kind.TERM), BASE) == BASE


def test_the_names_read_out_in_their_order_are_no_echo() -> None:
    names = ("谷德刚", "张伟明", "李小明", "赵荻约")
    made = prompt(lexicon(*names), BASE)
    assert all(name in made for name in names)
    assert not any(echoes(one + "、" + other, made) for one, other in pairwise(names))


@given(st.lists(ENTRIES, max_size=12))
def test_no_word_of_the_case_said_alone_is_held_back_as_an_echo(entries: list[Entry]) -> None:
    case = EMPTY.adding(entries)
    hint = prompt(case, "")
    assert not any(echoes(entry.text, hint) for entry in case.entries)
    assert len(prompt(case, BASE)) <= BUDGET
