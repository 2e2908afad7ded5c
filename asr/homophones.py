"""Court words that sound like other words (court.md §4.4): what the words around decide, by a table.

A rule speaks only where its right word is in the lexicon (the court's standing vocabulary brings them) and the
context is plain; where sound and context leave it open, a doubt is raised and nothing is changed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One of `heard` becomes `right` (same length) if what stands `before` or `after` it matches.

    An empty `before` and `after`: everywhere. `unless_before` and `unless_after` speak against it.
    """

    right: str
    heard: tuple[str, ...]
    before: str = ""
    after: str = ""
    unless_before: str = ""
    unless_after: str = ""

    def fits(self, left: str, right: str) -> bool:
        """The text around speaks for the rule and not against it."""
        if _ends(left, self.unless_before) or _begins(right, self.unless_after):
            return False
        return not (self.before or self.after) or _ends(left, self.before) or _begins(right, self.after)


def _ends(text: str, pattern: str) -> bool:
    return bool(pattern) and re.search(f"(?:{pattern})$", text) is not None


def _begins(text: str, pattern: str) -> bool:
    return bool(pattern) and re.match(pattern, text) is not None


_END = "[，。？！；,?!;]|$"
RULES = (
    Rule("质证", ("执政", "直证", "之证", "致证", "制证", "指证"), "举证[、，和与及]?|发表|进行", "意见|完毕"),
    Rule("质证", ("指正",), "举证[、，和与及]?|发表", "意见"),
    Rule("举证", ("举正", "举政", "举症"), after="责任|期限|[、，和与及]?质证|完毕"),
    Rule("异议", ("意义", "意议", "一意", "一义", "以意"), "(真实性|合法性|关联性|三性|组成人员|身份|事实)(，?均|，?都)?(无|没有|有)"),
    Rule("关联性", ("关连性", "观联性", "关链性")),
    Rule("合法性", ("合发性", "合乏性")),
    Rule("孳息", ("滋息", "孽息", "孳惜")),
    Rule("抗辩权", ("抗辩全", "抗变权", "康辩权"), unless_after="[部面都无额]"),
    Rule("表见代理", ("表面代理", "表现代理", "变见代理"), unless_after="商"),
    Rule("万分之", ("万份之",), after="[零一二三四五六七八九十点0-9]"),
    Rule("被告", ("备告", "背告", "倍告"), unless_before="[准预具设违]"),
    Rule("原告", ("原稿", "员告", "园告"), "请|由", "代理人|诉称|陈述|举证|主张|质证|及被告|与被告"),
    Rule("公诉", ("公述", "供诉", "攻诉"), after="人|机关|意见"),
    Rule("供述", ("供诉", "公述", "供数"), "被告人的?|有罪|如实|庭前|讯问笔录.{0,3}", "笔录"),
    Rule("缓刑", ("换行", "缓行", "环刑"), "适用|宣告|判处", "考验期"),
    Rule("羁押", ("机压", "鸡鸭", "击压", "机押"), "被|先行|继续|解除|刑事", "期限|必要性"),
    Rule("裁定", ("才定", "财定", "材定"), "民事|刑事|本院|依法", "书|驳回|如下|准许"),
    Rule("上诉", ("上述",), "提起", "状", unless_after="[的之]"),
    Rule("被上诉人", ("被上述人",), unless_after="[员们士民物]"),
    Rule("上诉", ("上述",), "(不|是否|要求|当庭)", unless_after=f"(?!{_END})."),
    Rule("起诉", ("启诉", "起述", "启述", "起素")),
    Rule("反诉", ("返诉", "反述", "凡诉")),
    Rule("撤诉", ("彻诉", "撤述", "撤素", "彻述")),
    Rule("抵押", ("低压", "抵压", "底押"), "设立|设定|房产|房屋", "权|登记|合同|担保|贷款|借款"),
    Rule("质押", ("之鸭", "质鸭", "直押", "质压")),
    Rule("鉴定", ("坚定", "见定", "间定"), "司法|伤残|笔迹|申请|委托", "意见书|机构|报告|结论|费用"),
    Rule("勘验", ("堪验", "刊验", "勘研")),
    Rule("勘验", ("看验",), after="笔录|现场|人"),
    Rule("核对", ("合对", "何对", "和对"), after="笔录|无误|身份|原件"),
    Rule("合议", ("合意", "合义", "何议"), after="庭|笔录"),
    Rule("和解", ("合解", "何解"), "达成|庭外|自行", "协议"),
    Rule("履行", ("旅行",), "拒不|全面|未按约定?|按约定?|依约", "义务|债务|判决|职责|完毕|抗辩|付款|还款|不能|不当"),
    Rule("股权", ("古权", "谷权", "骨权", "股全"), after="转让|比例|变更|代持|登记|激励|纠纷"),
    Rule("债权", ("债券",), after="债务|人[^民]|人$"),
    Rule("权利", ("权力",), "诉讼|民事|合法", "义务"),
    Rule("没有", ("美有", "煤有", "每有"), "(^|[，。？！；])", unless_after="(?!异议|意见|补充|问题|申请|证据|了).."),
)  # fmt: skip

UNDECIDED = (("定金", "订金"),)
"""Different in law, alike in sound, at home in the same sentence: always for a person to decide."""
BY_DOCUMENT = (("债权", "债券"), ("权利", "权力"), ("公诉", "供述"))
"""A doubt only where the case's documents hold the one and the other was heard."""
NEVER = frozenset(frozenset(pair) for pair in (*UNDECIDED, *BY_DOCUMENT, ("被告", "原告"), ("上诉", "申诉")))
"""Pairs that no correction by sound may exchange."""


@dataclass(frozen=True, slots=True)
class Found:
    """At character `at`, `heard` stands; `right` is meant, or may be."""

    at: int
    heard: str
    right: str


def settled(text: str, known: Collection[str]) -> Iterator[Found]:
    """Where a rule whose right word is `known` decides against what stands in the text."""
    for rule in RULES:
        for heard in rule.heard if rule.right in known else ():
            for found in _all(text, heard, rule.right):
                if rule.fits(text[: found.at], text[found.at + len(heard) :]):
                    yield found


def doubts(text: str, known: Collection[str], in_case: Collection[str]) -> Iterator[Found]:
    """What a person should listen to. `known`: all of the lexicon; `in_case`: what the case itself holds.

    定金 is beyond doubt where the case's own papers say 定金 and never 订金.
    """
    for heard, right in _both_ways(UNDECIDED):
        if (heard in known or right in known) and (heard not in in_case or right in in_case):
            yield from _all(text, heard, right)
    for heard, right in _both_ways(BY_DOCUMENT):
        if right in in_case and heard not in in_case:
            yield from _all(text, heard, right)


def _both_ways(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for one, other in pairs:
        yield from ((one, other), (other, one))


def _all(text: str, heard: str, right: str) -> Iterator[Found]:
    return (Found(match.start(), heard, right) for match in re.finditer(heard, text))
