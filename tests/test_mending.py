"""casefile.mending and its fold: a change is made and taken back, and what was heard is never lost."""

from __future__ import annotations

from casefile.events import (
    CaseWordRemoved,
    CaseWordsAdded,
    Event,
    HearingCreated,
    MendingRefused,
    MendingUndone,
    Stored,
    TurnAdded,
    TurnMended,
)
from casefile.mending import fits, mended, undone
from casefile.model import (
    CaseRecord,
    CaseWord,
    Change,
    Hearing,
    HearingKind,
    Mending,
    Turn,
    Word,
    WordKind,
    WordSource,
)
from casefile.record import fold


def turn(text: str, *changes: Change) -> Turn:
    pieces = [text[at : at + 2] for at in range(0, len(text), 2)]
    words = tuple(Word(piece, i * 100, i * 100 + 100, 0.5) for i, piece in enumerate(pieces))
    return Turn("t1", "s1", "", 0, 0, words[-1].end_ms, words, changes=changes)


def change(at: int, before: str, after: str, reason: str = "lexicon") -> Change:
    return Change(at, before, after, 0, 100, 0.9, reason)


def test_a_change_goes_through_the_words_and_leaves_times_and_confidence() -> None:
    before = turn("证人古德康到庭。")
    after = mended(before, change(2, "古德康", "谷德刚"))
    assert after.text == "证人谷德刚到庭。"
    assert after.changes == (change(2, "古德康", "谷德刚"),)
    assert [(w.start_ms, w.end_ms, w.confidence, len(w.text)) for w in after.words] == [
        (w.start_ms, w.end_ms, w.confidence, len(w.text)) for w in before.words
    ]


def test_taking_it_back_gives_the_same_turn() -> None:
    before = turn("证人古德康到庭。", change(5, "到停", "到庭", "doubt"))
    made = change(2, "古德康", "谷德刚")
    assert undone(mended(before, made), made) == before


def test_of_a_change_upon_a_change_the_first_hearing_is_kept() -> None:
    once = mended(turn("证人古德康到庭。"), change(2, "古德康", "谷德刚"))
    second = change(2, "谷德刚", "顾德刚")
    assert fits(once, second)
    twice = mended(once, second)
    assert twice.text == "证人顾德刚到庭。"
    assert twice.changes == (change(2, "古德康", "顾德刚"),)
    assert undone(twice, twice.changes[0]).text == "证人古德康到庭。"


def test_a_longer_change_keeps_what_was_heard_beneath_a_shorter_one() -> None:
    once = mended(turn("北京的钢商贸来了"), change(2, "的钢", "德刚"))
    (kept,) = mended(once, change(0, "北京德刚商贸", "背景德刚商贸")).changes
    assert (kept.before, kept.after) == ("北京的钢商贸", "背景德刚商贸")


def test_what_does_not_stand_there_or_lies_half_under_another_does_not_fit() -> None:
    once = mended(turn("证人古德康到庭。"), change(2, "古德康", "谷德刚"))
    assert not fits(once, change(2, "古德康", "谷德刚"))
    assert not fits(once, change(3, "德刚到", "得刚到"))
    assert not fits(once, change(2, "谷德刚", "谷德刚"))
    assert not fits(once, change(2, "谷德刚", "谷德"))
    assert fits(once, change(5, "到庭", "到停"))


def test_a_doubt_at_the_place_goes_with_the_change() -> None:
    doubted = turn("证人古德康到庭。", change(2, "古德", "谷德", "doubt"), change(5, "到庭", "到停", "doubt"))
    assert fits(doubted, change(1, "人古", "任古"))
    assert [one.at for one in mended(doubted, change(2, "古德康", "谷德刚")).changes] == [2, 5]


def folded(*events: Event) -> CaseRecord:
    said = [HearingCreated(Hearing("h1", HearingKind.TRIAL)), *events]
    return fold(Stored("h1", seq, "2024-01-01T00:00:00", "x", e, "", "") for seq, e in enumerate(said, 1))


GU = CaseWord("谷德刚", WordKind.PERSON, WordSource.TYPED)
SUN = CaseWord("孙小美", WordKind.PERSON, WordSource.PAPERS)


def test_words_are_added_changed_and_removed_by_events() -> None:
    firm = CaseWord("谷德刚", WordKind.FIRM, WordSource.TYPED)
    assert folded(CaseWordsAdded((GU, SUN))).case_words == (GU, SUN)
    assert folded(CaseWordsAdded((GU, SUN)), CaseWordsAdded((firm,))).case_words == (firm, SUN)
    assert folded(CaseWordsAdded((GU, SUN)), CaseWordRemoved("谷德刚")).case_words == (SUN,)


def test_the_fold_mends_and_takes_back_and_keeps_decisions() -> None:
    added = TurnAdded(turn("证人古德康到庭。"), 100)
    made = Mending("t1", change(2, "古德康", "谷德刚"))
    record = folded(added, TurnMended(made))
    assert record.turns[0].text == "证人谷德刚到庭。"
    assert record.refused_mendings == ()
    record = folded(added, TurnMended(made), MendingUndone(made))
    assert record.turns == (added.turn,)
    assert record.refused_mendings == (made,)
    assert folded(added, MendingRefused(made)).turns == (added.turn,)
    assert folded(added, MendingRefused(made)).refused_mendings == (made,)


def test_a_mending_of_what_does_not_stand_there_changes_nothing() -> None:
    added = TurnAdded(turn("证人谷德刚到庭。"), 100)
    made = Mending("t1", change(2, "古德康", "谷德刚"))
    other = Mending("t9", change(2, "古德康", "谷德刚"))
    record = folded(added, TurnMended(made), TurnMended(other), MendingUndone(made))
    assert record.turns == (added.turn,)
    assert record.refused_mendings == ()
