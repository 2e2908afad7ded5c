"""tingji.knowledge: the hearing's own names prime the recognizer and mend what it misheard, on record."""

from asr.suppression import echoes
from casefile.model import CaseWord, Hearing, HearingKind, Seat, Speech, Utterance, Word, WordKind, WordSource
from diarization.diarizer import SeatMicrophones
from diarization.turns import turns
from tests.test_passages import quiet
from tingji.knowledge import context_of, mended

SEATS = (Seat("s1", "审判长", "审", "王建国", (0,)), Seat("s2", "证人", "证", "谷德刚", (1,)))
HEARING = Hearing("h1", HearingKind.TRIAL, seats=SEATS)


def heard(*texts: str, confidence: float = 0.4, suppressed: str | None = None) -> Utterance:
    words = tuple(Word(text, i * 300, i * 300 + 300, confidence) for i, text in enumerate(texts))
    return Utterance(1, 0, 300 * len(words), words, suppressed)


def test_a_misheard_name_is_mended_and_the_change_is_kept() -> None:
    found = mended(heard("证", "人", "古", "德", "康", "到", "庭。"), HEARING)
    assert found.text == "证人谷德刚到庭。"
    (change,) = found.changes
    assert (change.at, change.before, change.after) == (2, "古德康", "谷德刚")


def test_the_change_stands_on_the_turn() -> None:
    found = mended(heard("证", "人", "古", "德", "康", "到", "庭。"), HEARING)
    (turn,) = turns(found, SeatMicrophones(HEARING).label(Speech(1, 0, quiet(2.1, 16_000))))
    assert turn.changes == found.changes


def test_nothing_else_moves() -> None:
    said = heard("我", "没", "有", "收", "到", "货", "款。", confidence=0.9)
    assert mended(said, HEARING) == said


def test_what_is_held_back_and_other_languages_stay() -> None:
    held = heard("古", "德", "康", suppressed="loop")
    assert mended(held, HEARING) is held
    english = Hearing("h2", HearingKind.TRIAL, language="en", seats=SEATS)
    said = heard("古", "德", "康")
    assert mended(said, english) is said


def test_the_prompt_holds_the_names_and_no_name_is_taken_for_an_echo() -> None:
    prompt = context_of(HEARING).prompt
    assert "谷德刚" in prompt
    assert not echoes("证人谷德刚到庭。", prompt)
    assert not echoes("谷德刚", prompt)


def test_a_hearing_without_names_has_the_plain_prompt() -> None:
    assert (
        context_of(Hearing("h3", HearingKind.TRIAL)).prompt
        == context_of(Hearing("h4", HearingKind.TRIAL)).prompt
    )
    assert "谷" not in context_of(Hearing("h3", HearingKind.TRIAL)).prompt


def test_a_word_that_was_added_primes_and_mends_like_a_name_of_the_set_up() -> None:
    plain = Hearing("h5", HearingKind.TRIAL)
    said = heard("证", "人", "古", "德", "康", "到", "庭。")
    words = (CaseWord("谷德刚", WordKind.PERSON, WordSource.TYPED),)
    assert mended(said, plain).text == said.text
    assert mended(said, plain, words).text == "证人谷德刚到庭。"
    assert "谷德刚" in context_of(plain, words).prompt


def test_typed_words_come_before_those_of_papers_in_the_prompt() -> None:
    plain = Hearing("h6", HearingKind.TRIAL)
    papers = tuple(
        CaseWord(f"孙{one}{two}", WordKind.PERSON, WordSource.PAPERS)
        for one in "小大中新国建文" for two in "美明华军平"
    )  # fmt: skip
    typed = CaseWord("谷德刚", WordKind.PERSON, WordSource.TYPED)
    prompt = context_of(plain, (*papers, typed)).prompt
    assert "谷德刚" in prompt
    assert sum(word.text in prompt for word in papers) < len(papers)
