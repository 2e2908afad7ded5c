"""Names, firms, places, numbers and terms in the papers of a case, by the forms that Chinese pleadings keep.

Cautious: a name is taken where a label (原告：, 法定代表人：, ...) announces it, or where one stands before a
surname and the same name comes again. Text in, entries out; `tingji.case_documents` reads the files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from asr.fluency import Reading, common_words
from asr.lexicon import HAN, Entry, Kind, Source, court_words

MOST_TERMS = 40
"""Repeated terms taken from one document."""
_ROLE = (
    "被上诉人|上诉人|再审申请人|被申请人|申请人|被执行人|申请执行人|原告人|原告|被告人|被告|第三人|法定代表人|负责人|"
    "法定代理人|委托诉讼代理人|委托代理人|诉讼代理人|代理人|证人|鉴定人|辩护人|公诉人|审判长|审判员|人民陪审员|书记员|"
    "法官助理|承办人|联系人|经办人|出借人|借款人|担保人|保证人|收款人|付款人|投保人|被保险人|受害人|被害人|"
    "出租方|承租方|出租人|承租人|买方|卖方|甲方|乙方|丙方|姓名"
)
_LABEL = re.compile(
    rf"(?:{_ROLE})(?:[（(][^）)\n]{{1,20}}[）)])?[ \t\u3000]*[:：][ \t\u3000]*([^，。,；;\n\t（(]+)"
)
_IN_TEXT = re.compile(rf"(?:{_ROLE})(?=([\u4e00-\u9fff]{{2,3}}))")
SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐"
    "费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮卞齐康伍余元卜顾孟平黄穆萧尹姚邵湛汪祁毛禹狄米贝明臧计成戴谈宋茅庞熊纪舒屈项祝董梁"
    "杜阮蓝闵席季麻强贾路娄江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程"
    "邢裴陆荣翁荀羊惠甄曲封储靳焦侯段富巫乌巴谷车仇栾甘厉祖武符刘景詹束龙叶幸司黎薄印宿白怀蒲邰从鄂索赖卓蔺屠蒙池乔阴胥苍"
    "闻莘党翟谭劳逄姬申扶冉宰郦雍桑桂濮牛寿通边扈燕冀浦尚农温庄晏柴瞿阎充慕连习艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文"
    "寇广禄阙东欧沃利蔚越隆师巩聂晁勾敖融冷辛阚那简饶曾沙养鞠丰巢关蒯相查荆红游权盖益桓公佟付肖覃仝闫鹿代"
)
DOUBLE_SURNAMES = tuple(
    re.findall("..", "欧阳上官司马诸葛东方皇甫尉迟公孙令狐慕容司徒夏侯长孙宇文端木南宫百里")
)
_NO_NAME = frozenset("与和诉辩称系在于对向及的之因提主是应就已未不有为将曾称住经并被委")
_FIRM = re.compile(
    "[\u4e00-\u9fff（）()]{2,30}?(?:有限责任公司|股份有限公司|有限公司|律师事务所|事务所|人民法院|银行|支行|分行|分公司|"
    "经营部|商行|合作社|幼儿园|医院|大学|中心|加工厂|厂|店)(?![\u4e00-\u9fff]{0,4}(?:公司|支行|分行|分公司))"
)
_FIRM_CUT = re.compile(rf".*(?:{_ROLE}|[与及向由系将被给至]|以下简称|委托|申请|要求|判令|请求|通过|关于)")
_NO_FIRM = frozenset("的该本其此各一某在到从对为和")
_ADDRESS = re.compile("(?:住所地?|住址|地址|住|位于|坐落于?)[:：]?[ \t]*([\u4e00-\u9fff0-9一-龥]{4,40})")
_PLACE = re.compile(
    "[\u4e00-\u9fff]{2,7}?(?:自治区|街道|大街|大道|胡同|小区|花园|大厦|广场|省|市|区|县|镇|乡|村|路|街|巷)(?![大街路巷])"
)
_CASE_NUMBER = re.compile("[（(〔]\\d{4}[）)〕][\u4e00-\u9fff]\\d{0,4}[\u4e00-\u9fff]{1,4}\\d+号")
_AMOUNT = re.compile("\\d[\\d,，]*(?:\\.\\d+)?[万亿]?元|[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]{2,}元整?")
_DATE = re.compile("\\d{4}年\\d{1,2}月\\d{1,2}日")
_TITLE = re.compile("《([\u4e00-\u9fff]{2,16})》")
_QUOTED = re.compile('[“"]([\u4e00-\u9fff]{2,8})[”"]')
_FUNCTION = frozenset(
    "的了是在和与及对向为不有将被由于其该本并至从以应可要就也都而则即者所之等时后前中上下内外或未给我你他她它们这那此"
    "元年月日号第一二三四五六七八九十百千万亿请求判令依法"
)


def mentions(text: str) -> tuple[Entry, ...]:
    """What a document names, each once, in order of kind; every entry has the source `document`."""
    found: dict[str, Kind] = {}
    for kind, names in (
        (Kind.FIRM, _firms(text)),
        (Kind.PERSON, _persons(text)),
        (Kind.CASE_NUMBER, _all(_CASE_NUMBER, text)),
        (Kind.PLACE, _places(text)),
        (Kind.AMOUNT, _all(_AMOUNT, text)),
        (Kind.DATE, _all(_DATE, text)),
        (Kind.TERM, _terms(text)),
    ):
        for name in names:
            found.setdefault(name, kind)
    return tuple(Entry.of(name, kind, Source.DOCUMENT) for name, kind in found.items())


def clerk_word(text: str) -> Entry:
    """A word that the clerk adds during the hearing, its kind told by its form."""
    firm, address = _FIRM.fullmatch(text), _PLACE.fullmatch(text)
    kind = Kind.PERSON if is_name(text) else Kind.FIRM if firm else Kind.PLACE if address else Kind.TERM
    return Entry.of(text, kind, Source.CLERK)


def _all(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    return (match[0] for match in pattern.finditer(text))


def _persons(text: str) -> Iterator[str]:
    for label in _LABEL.finditer(text):
        yield from (name for name in re.split("[、 \u3000]+", label[1]) if is_name(name))
    for role in _IN_TEXT.finditer(text):
        yield from _repeated_name(role[1], text)


def is_name(text: str) -> bool:
    """Two or three characters that begin with a surname, or four with a double one."""
    if not HAN.fullmatch(text) or text in common_words() or text in court_words():
        return False
    return (len(text) in (2, 3) and text[0] in SURNAMES) or (
        len(text) in (3, 4) and text[:2] in DOUBLE_SURNAMES
    )


def _repeated_name(name: str, text: str) -> Iterator[str]:
    """张三丰 or 张三 where the label stands right before it: as much of it as comes again in the same form."""
    again = (short for short in (name[:3], name[:2]) if _stands_again(short, text))
    yield from (short for short in list(again)[:1] if is_name(short))


def _stands_again(name: str, text: str) -> bool:
    return not set(name) & _NO_NAME and text.count(name) >= max(2, 0.8 * text.count(name[:2]))


def _firms(text: str) -> Iterator[str]:
    for match in _FIRM.finditer(text):
        name = _FIRM_CUT.sub("", match[0]).strip("（）()")
        if 4 <= len(name) <= 24 and name[0] not in _NO_FIRM and name not in common_words():
            yield name


def _places(text: str) -> Iterator[str]:
    for address in _ADDRESS.finditer(text):
        yield from _all(_PLACE, address[1])


def _terms(text: str) -> Iterator[str]:
    yield from (match[1] for match in _TITLE.finditer(text))
    yield from (match[1] for match in _QUOTED.finditer(text))
    yield from (word for word in court_words() if word in text)
    yield from _repeated_terms(text)


def _repeated_terms(text: str) -> list[str]:
    """Runs of two to six characters that come at least three times and are made of no common words."""
    counts = Counter(piece for run in HAN.findall(text) for piece in _pieces(run))
    often = {piece: count for piece, count in counts.items() if count >= 3 and _unusual(piece)}
    whole = [piece for piece in often if not _part_of_longer(piece, often)]
    return sorted(whole, key=lambda piece: -often[piece])[:MOST_TERMS]


def _pieces(run: str) -> Iterator[str]:
    """Every two to six characters that do not cut a common word in two."""
    cuts = sorted(Reading(run, {}).cuts)
    return (run[start:end] for start in cuts for end in cuts if 2 <= end - start <= 6)


def _part_of_longer(piece: str, often: Mapping[str, int]) -> bool:
    return any(
        piece != longer and piece in longer and count >= 0.8 * often[piece] for longer, count in often.items()
    )


def _unusual(run: str) -> bool:
    """No function word in it, and no reading as common words: every cut of it leaves rare pieces."""
    return not set(run) & _FUNCTION and Reading(run, {}).likely < -3.5 * len(run)
