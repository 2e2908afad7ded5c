"""diarization.learning: what the clerk says of turns becomes knowledge of voices."""

from diarization.learning import Enrolled, Person, Said, learned
from diarization.stretches import Noted, Passage, Stretch
from tests.test_clustering import stretch

JUDGE, PLAINTIFF = Person("s1"), Person("s2")
WHO = [0, 1, 0, 1, 0]
"""Two people who were heard as one voice, three seconds each, every five seconds."""


def note(who: int, seed: int, at_ms: int, label: str | None = "未识别 1") -> Noted:
    sound = stretch(who, seed)
    return Noted(Stretch(((at_ms, at_ms + 3_000),), 3_000, sound.embedding), label, 0.9)


PASSAGES = [Passage(0, n * 5_000, n * 5_000 + 3_000, (note(who, n, n * 5_000),)) for n, who in enumerate(WHO)]


def turn(number: int) -> tuple[int, int, int]:
    return (0, number * 5_000, number * 5_000 + 3_000)


def whose(*said: Said) -> list[Person | None]:
    """Of each passage, then of a new one of each of the two."""
    found = learned(PASSAGES, frozenset(said), 0)
    new = []
    for who in (0, 1):
        sound = stretch(who, 99)
        assert sound.embedding is not None
        label = found.label_of(found.voices.name(sound.embedding, 3_000).label)
        new.append(found.whose(Noted(sound, label, 0.9)))
    return [found.whose(one.notes[0]) for one in PASSAGES] + new


def test_where_nothing_was_said_nobody_is_anybody() -> None:
    assert whose() == [None] * 7


def test_one_turn_speaks_for_its_voice() -> None:
    found = learned(PASSAGES[:1], frozenset({Said(JUDGE, turn(0))}), 0)
    assert found.whose(PASSAGES[0].notes[0]) == JUDGE
    assert found.whose(note(2, 50, 0, "未识别 2")) is None


def test_a_voice_that_was_given_to_two_goes_to_whom_it_is_liker() -> None:
    people = [JUDGE, PLAINTIFF, JUDGE, PLAINTIFF, JUDGE, JUDGE, PLAINTIFF]
    assert whose(Said(JUDGE, turn(0)), Said(PLAINTIFF, turn(1))) == people
    assert whose(Said(PLAINTIFF, turn(1)), Said(JUDGE, turn(0))) == people


def test_of_a_named_voice_a_turn_may_be_anothers() -> None:
    """Who was named keeps the label, under which the record shows the name."""
    found = whose(Said(JUDGE, label="未识别 1"), Said(PLAINTIFF, turn(1)))
    assert [found[0], found[1], found[3], found[5], found[6]] == [None, PLAINTIFF, PLAINTIFF, None, PLAINTIFF]


def test_a_turn_that_holds_little_of_a_voice_says_nothing_of_it() -> None:
    assert whose(Said(JUDGE, (0, 0, 1_000))) == [None] * 7
    assert whose(Said(JUDGE, (1, 0, 3_000))) == [None] * 7


def test_numbers_that_were_given_are_not_given_again() -> None:
    found = learned([Passage(0, 0, 3_000, (note(0, 0, 0, "未识别 4"),))], frozenset(), 2)
    assert next(found.voices.fresh()) == "未识别 5"


def enrolled(who: int, person: Person) -> Enrolled:
    sound = stretch(who, 1_000)
    assert sound.embedding is not None
    return Enrolled(person, 3_000, sound.embedding)


def heard(who: int, *said: Said, passages: tuple[Passage, ...] = ()) -> Person | None:
    """Whose a new stretch of this voice is, where the judge's (0) was enrolled."""
    found = learned(passages, frozenset(said), 0, [enrolled(0, JUDGE)])
    sound = stretch(who, 99)
    assert sound.embedding is not None
    label = found.label_of(found.voices.name(sound.embedding, 3_000).label)
    return found.owner(Noted(sound, label, 0.9))


def test_an_enrolled_voice_is_that_persons_and_a_stranger_is_nobodys() -> None:
    assert (heard(0), heard(1)) == (JUDGE, None)


def test_where_the_clerk_gives_a_turn_of_an_enrolled_voice_to_another_each_keeps_his_own() -> None:
    label = enrolled(0, JUDGE).label
    passages = tuple(
        Passage(0, one.start_ms, one.end_ms, (note(who, n, one.start_ms, label),))
        for n, (one, who) in enumerate(zip(PASSAGES, WHO, strict=True))
    )
    word = Said(PLAINTIFF, turn(1))
    assert [heard(who, word, passages=passages) for who in (0, 1)] == [JUDGE, PLAINTIFF]


def test_the_label_of_an_enrolled_voice_takes_no_number() -> None:
    one = enrolled(0, Person(None, "Li Ming 3"))
    found = learned([Passage(0, 0, 3_000, (note(0, 0, 0, one.label),))], frozenset(), 1, [one])
    assert next(found.voices.fresh()) == "未识别 2"
