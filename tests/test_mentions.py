"""asr.mentions: what the papers of a case name."""

import pytest

from asr.lexicon import Kind, Source
from asr.mentions import clerk_word, is_name, mentions

CLAIM = """民事起诉状
原告：谷德刚，男，1970年3月2日出生，住北京市朝阳区望京街道阜通东大街6号。
委托诉讼代理人：欧阳明珠，北京正衡律师事务所律师。
被告：北京康泰商贸有限公司，住所地北京市海淀区中关村大街27号。
法定代表人（负责人）：李四光，该公司总经理。
证人：王小五、张和平
诉讼请求：判令被告支付货款人民币352,000元及逾期付款利息。
事实与理由：
2023年5月1日，原告谷德刚与被告签订《釉面砖采购合同》，约定由原告供应“双凤牌”釉面砖三千片。
被告北京康泰商贸有限公司（以下简称“康泰公司”）收到釉面砖后未付款，釉面砖经验收合格。
被告支付定金后拒付。证人孙小美见证了交付。证人孙小美可以出庭。
参见（2023）京0105民初12345号民事判决书。
此致
北京市朝阳区人民法院
"""


@pytest.fixture(scope="module")
def found() -> dict[Kind, set[str]]:
    kinds: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for entry in mentions(CLAIM):
        kinds[entry.kind].add(entry.text)
    return kinds


def test_persons_stand_behind_labels_or_again_and_again(found: dict[Kind, set[str]]) -> None:
    assert found[Kind.PERSON] == {"谷德刚", "欧阳明珠", "李四光", "王小五", "张和平", "孙小美"}


def test_firms(found: dict[Kind, set[str]]) -> None:
    assert found[Kind.FIRM] == {"北京康泰商贸有限公司", "北京正衡律师事务所", "北京市朝阳区人民法院"}


def test_places_stand_in_addresses(found: dict[Kind, set[str]]) -> None:
    assert {"朝阳区", "望京街道", "阜通东大街", "海淀区", "中关村大街"} <= found[Kind.PLACE]


def test_numbers(found: dict[Kind, set[str]]) -> None:
    assert found[Kind.CASE_NUMBER] == {"（2023）京0105民初12345号"}
    assert found[Kind.AMOUNT] == {"352,000元"}
    assert found[Kind.DATE] == {"1970年3月2日", "2023年5月1日"}


def test_terms_are_titles_quotes_court_words_and_what_comes_again(found: dict[Kind, set[str]]) -> None:
    assert {"釉面砖采购合同", "双凤牌", "康泰公司", "定金", "釉面砖"} <= found[Kind.TERM]
    assert not {"面砖", "被告支付", "付款"} & found[Kind.TERM]


def test_all_come_from_a_document_and_each_once() -> None:
    entries = mentions(CLAIM)
    assert {entry.source for entry in entries} == {Source.DOCUMENT}
    assert len({entry.text for entry in entries}) == len(entries)


def test_a_text_without_names_gives_none() -> None:
    assert mentions("") == ()
    assert mentions("今天天气很好，我们去公园走走。") == ()


@pytest.mark.parametrize("text", ["谷德刚", "张伟", "欧阳明珠", "司马迁"])
def test_names(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize("text", ["公司", "原告", "应当", "谷", "谷德刚先生", "张3", ""])
def test_no_names(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("谷德刚", Kind.PERSON),
        ("北京康泰商贸有限公司", Kind.FIRM),
        ("中关村大街", Kind.PLACE),
        ("釉面砖", Kind.TERM),
        ("LPR", Kind.TERM),
    ],
)
def test_a_word_of_the_clerk_gets_its_kind_by_its_form(text: str, kind: Kind) -> None:
    assert clerk_word(text).kind is kind
    assert clerk_word(text).source is Source.CLERK
