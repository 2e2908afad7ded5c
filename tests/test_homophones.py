"""asr.homophones: court.md §4.4, word by word. What the context decides, and what stays as it was heard."""

import pytest

from asr.homophones import RULES, doubts, settled
from asr.lexicon import court_words

COURT = frozenset(court_words())


def settle(text: str) -> str:
    for found in settled(text, COURT):
        text = text[: found.at] + found.right + text[found.at + len(found.heard) :]
    return text


@pytest.mark.parametrize(
    ("heard", "right"),
    [
        ("下面进行执政", "下面进行质证"),
        ("请被告发表执政意见", "请被告发表质证意见"),
        ("举证、执政已经结束", "举证、质证已经结束"),
        ("举正责任在原告", "举证责任在原告"),
        ("滋息归谁所有", "孳息归谁所有"),
        ("孽息归谁所有", "孳息归谁所有"),
        ("行使抗辩全", "行使抗辩权"),
        ("构成表面代理", "构成表见代理"),
        ("按每日万份之五计算", "按每日万分之五计算"),
        ("备告没有到庭", "被告没有到庭"),
        ("原稿诉称", "原告诉称"),
        ("公述机关认为", "公诉机关认为"),
        ("被告人的供诉", "被告人的供述"),
        ("宣告换行二年", "宣告缓刑二年"),
        ("已经被机压三个月", "已经被羁押三个月"),
        ("民事才定书", "民事裁定书"),
        ("提起上述。", "提起上诉。"),
        ("是否上述？", "是否上诉？"),
        ("被上述人答辩", "被上诉人答辩"),
        ("原告启诉到法院", "原告起诉到法院"),
        ("提出返诉", "提出反诉"),
        ("原告彻诉", "原告撤诉"),
        ("办理了低压登记", "办理了抵押登记"),
        ("设立了质鸭", "设立了质押"),
        ("司法坚定意见书", "司法鉴定意见书"),
        ("看验笔录", "勘验笔录"),
        ("请合对笔录", "请核对笔录"),
        ("合意庭评议", "合议庭评议"),
        ("双方达成合解", "双方达成和解"),
        ("拒不旅行", "拒不履行"),
        ("旅行义务", "履行义务"),
        ("古权转让协议", "股权转让协议"),
        ("债券债务关系", "债权债务关系"),
        ("告知诉讼权力", "告知诉讼权利"),
        ("对真实性没有意义", "对真实性没有异议"),
        ("美有意见", "没有意见"),
    ],
)
def test_the_context_decides(heard: str, right: str) -> None:
    assert settle(heard) == right


@pytest.mark.parametrize(
    "text",
    [
        "执政党的政策",
        "请老师指正",
        "进行指正",
        "抗辩全部成立",
        "做表面代理商",
        "准备告诉法官",
        "违背告知义务",
        "他提交了原稿",
        "换行打印",
        "刚才定下来的",
        "上述事实有证据证明",
        "提出上述意见",
        "被上述人员殴打",
        "以上述证据为准",
        "不上述那些",
        "血压低压九十",
        "重新坚定信心",
        "请查看验收单",
        "双方合意解除",
        "我们去旅行",
        "签订旅行合同",
        "购买债券",
        "债券人民币结算",
        "国家权力机关",
        "人生没有意义",
        "欧美有意见",
        "胜诉和申诉是两回事",
        "他的供述和公诉意见不一致",
        "四十和十四",
        "不是，没有，我认罪",
    ],
)
def test_what_the_context_does_not_decide_stays(text: str) -> None:
    assert settle(text) == text


@pytest.mark.parametrize("text", ["被告没有意见", "被告人没有意见", "传被告人到庭", "原告和原告人"])
def test_defendant_and_accused_stay_what_was_heard(text: str) -> None:
    assert settle(text) == text
    assert not list(doubts(text, COURT, frozenset()))


@pytest.mark.parametrize(("heard", "other"), [("定金", "订金"), ("订金", "定金")])
def test_earnest_money_and_deposit_are_never_changed_but_doubted(heard: str, other: str) -> None:
    assert settle(f"他付了{heard}一万元") == f"他付了{heard}一万元"
    (doubt,) = doubts(f"他付了{heard}一万元", COURT, frozenset())
    assert (doubt.at, doubt.heard, doubt.right) == (3, heard, other)


def test_earnest_money_is_beyond_doubt_where_only_it_is_in_the_papers() -> None:
    assert not list(doubts("他付了定金", COURT, {"定金"}))
    assert [found.right for found in doubts("他付了订金", COURT, {"定金"})] == ["定金"]
    assert [found.heard for found in doubts("定金和订金", COURT, {"定金", "订金"})] == ["定金", "订金"]


def test_bonds_are_doubted_only_where_the_papers_speak_of_claims() -> None:
    assert not list(doubts("这笔债券", COURT, frozenset()))
    assert [found.right for found in doubts("这笔债券", COURT, {"债权"})] == ["债权"]


def test_no_rule_speaks_for_a_word_that_the_lexicon_does_not_hold() -> None:
    assert not list(settled("下面进行执政", frozenset()))
    assert not list(doubts("他付了定金", frozenset(), frozenset()))


def test_every_rule_keeps_the_length_and_has_its_word_in_the_vocabulary() -> None:
    for rule in RULES:
        assert rule.right in COURT, rule.right
        assert all(len(heard) == len(rule.right) and heard != rule.right for heard in rule.heard)


def test_no_rule_undoes_another() -> None:
    assert not {rule.right for rule in RULES} & {heard for rule in RULES for heard in rule.heard}
