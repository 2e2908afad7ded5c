"""asr.lexicon: the words of a case, each once, the surest first."""

from asr.lexicon import (
    EMPTY,
    Entry,
    Kind,
    Lexicon,
    Source,
    court_words,
    firm_core,
    words_of_court,
    words_of_hearing,
)
from casefile.model import Hearing, HearingKind, Seat


def person(text: str, source: Source = Source.HEARING) -> Entry:
    return Entry.of(text, Kind.PERSON, source)


def test_a_lexicon_is_a_value() -> None:
    lexicon = EMPTY.adding([person("谷德刚")])
    assert EMPTY.entries == ()
    assert lexicon == Lexicon((person("谷德刚"),))
    assert hash(lexicon) == hash(Lexicon((person("谷德刚"),)))


def test_each_text_stands_once_with_its_greatest_weight() -> None:
    of_paper, of_hearing = person("谷德刚", Source.DOCUMENT), person("谷德刚")
    assert EMPTY.adding([of_paper, of_hearing]).entries == (of_hearing,)
    assert EMPTY.adding([of_hearing, of_paper]).entries == (of_hearing,)


def test_the_heaviest_come_first_and_persons_before_terms() -> None:
    term, name = Entry.of("琉璃瓦", Kind.TERM, Source.CLERK), person("谷德刚")
    late = person("王五", Source.DOCUMENT)
    assert Lexicon((late, term, name)).ranked() == (name, term, late)


def test_the_hearing_brings_its_persons_roles_courtroom_and_number() -> None:
    hearing = Hearing(
        "h1",
        HearingKind.TRIAL,
        case_number="（2024）京0105民初12345号",
        courtroom="第三法庭",
        seats=(
            Seat("s1", "审判长", "审", "谷德刚"),
            Seat("s2", "被告", "被", "北京康泰商贸有限公司"),
            Seat("s3", "证人"),
        ),
    )
    kinds = {entry.text: entry.kind for entry in words_of_hearing(hearing).entries}
    assert kinds == {
        "谷德刚": Kind.PERSON,
        "北京康泰商贸有限公司": Kind.FIRM,
        "审判长": Kind.TERM,
        "被告": Kind.TERM,
        "证人": Kind.TERM,
        "第三法庭": Kind.PLACE,
        "（2024）京0105民初12345号": Kind.CASE_NUMBER,
    }


def test_a_hearing_without_data_brings_nothing() -> None:
    assert words_of_hearing(Hearing("h1", HearingKind.TRIAL)) == EMPTY


def test_the_court_brings_the_roles_and_hotwords_of_its_vocabulary() -> None:
    words = {entry.text for entry in words_of_court().entries}
    assert {"审判长", "委托诉讼代理人", "质证", "举证责任倒置", "孳息", "取保候审", "行政复议"} <= words
    assert all(entry.source is Source.COURT for entry in words_of_court().entries)
    assert len(court_words()) == len(set(court_words()))
    assert all(len(word) > 1 for word in court_words())


def test_the_core_of_a_firm() -> None:
    assert firm_core("北京康泰商贸有限公司") == "康泰"
    assert firm_core("康泰（北京）网络科技有限公司") == "康泰"
    assert firm_core("杭州市双凤建材店") == "双凤建材"
    assert firm_core("中国银行") == "中国"  # short as it is, people say it


def test_a_firm_of_which_nothing_is_left_keeps_its_name() -> None:
    assert firm_core("北京科技有限公司") == "北京科技有限公司"
