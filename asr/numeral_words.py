"""Words, names and sayings that hold a numeral and are no number: they stay as they were said."""

from __future__ import annotations

import re

_COURT = """
一审 二审 再审一次 第一审 第二审 一审法院 两审终审 第三人 第三方 第三者 三性 三方 双方 两造 两高 两院 一案 一事不再理 一裁终局
一级 二级 三级 四级 一号文件 九民纪要 八民纪要 一人公司 一人有限 一房二卖 一房两卖 一物一权 一户一宅 一户一表 三权分置 三通一平 四至 三包
三期 五险一金 五险 三农 五保 二手 三证合一 五证 两证 一致 一并 一同 一齐 一次性 一年期 一般 一定 一些 一直 一样 一起 一旦 一共 一切 一律
一向 一贯 一概 一方 一带 一面 一边 一时 一度 一再 一经 一半 一头 一点 一会 一下 一番 一家 一味 一线 一手 一体 一生 一心 一口 一条龙
一系列 一揽子 一刀切 一把手 一辈子 一阵 一早 一来 一无 一言 一事 一块 一周岁 一部分 一应 一力 一行人 一审判决 一元化 二元 三元里 三元桥 三元区
三元催化 万一 千万别 千万不 千万要 万分 万科 万达 万某 万能 万事 万元户 十分 十足 十全 十字 百姓 统一 唯一 之一 同一 单一 专一 逐一 万无一失
不一 合一 划一 归一 其一 任一 某一 另一 哪一 每一 这一 那一 前一 后一 上一 下一 头一 进一步 首一 有朝一日 说一不二 独一无二
"""
_TIME = """
星期一 星期二 星期三 星期四 星期五 星期六 礼拜一 礼拜二 礼拜三 礼拜四 礼拜五 礼拜六 周一 周二 周三 周四 周五 周六 初一 初二 初三 初四 初五 初六
初七 初八 初九 初十 高一 高二 高三 大一 大二 大三 大四 五一 十一黄金周 六一 七一 八一 三八 五四运动 九一八 一二九运动 三一五 六一八 双十一 双十二
七七事变 八月十五 正月十五 七月十五 九九重阳 三伏 三九天 四季 一日游 一天到晚 三天两头 三年五载 十年浩劫
"""
_NAMES = """
张三 李四 王五 赵六 孙七 周八 吴九 郑十 张一 李一 李二 老大 老二 老三 老四 老五 老六 老七 老八 小三 小四 小五 小六 小七 阿三 阿四 阿七 三哥 二哥
三姐 二姐 三叔 二叔 四叔 五叔 三爷 二爷 三姨 二姨 三舅 二舅 四川 三亚 九江 七台河 三台县 五台山 九台区 六盘水 三门峡 三明市 三明 六安 四平市 五原 十堰
三河市 三水 千岛湖 百色 万州 万宁 五指山 五棵松 三里屯 八里庄 三里河 六里桥 八宝山 九龙 二连浩特 三沙 四会 五常 五华 七里河 九寨沟 一汽 二汽 一拖
三星 三一重工 三一集团 三菱 三洋 三枪 三全 三元牛奶 三只松鼠 五粮液 五菱 五金 五矿 六福 七匹狼 七天酒店 八马 八达 九阳 九牧 九芝堂 十月妈咪
一汽大众 三精 四通 百度 百货 百胜 百事 千克拉 万豪 万通 万象
"""
_SAYINGS = """
一一列举 一一说明 一一核对 一五一十 一心一意 一清二楚 一模一样 一干二净 一分为二 一刀两断 一举两得 一来二去 一朝一夕 一举一动 一言一行 一是一 二是二
一问三不知 一而再 再而三 二百五 二话不说 三三两两 三五成群 三言两语 三心二意 三番五次 五次三番 三令五申 三长两短 三教九流 三头六臂 三十而立
三十六计 三百六十行 三百六十五行 三六九等 三七二十一 三下五除二 两面三刀 两回事 两码事 两败俱伤 两全其美 两口子
两边 两旁 两侧 两地 两者
四周 四面八方 四分五裂 四舍五入 四通八达 五花八门 五湖四海 五十步笑百步 五五开 五五分 六神无主 六亲 七上八下 七嘴八舌 七零八落 乱七八糟 八九不离十
八成 九成 九牛一毛 九死一生 九九八十一 十有八九 十之八九 十拿九稳 十万火急 十万八千里 十万个为什么 十恶不赦 十来 百分百 百里挑一 千方百计 千辛万苦
千真万确 千差万别 万不得已 成千上万 千千万万 万水千山 接二连三 颠三倒四 丢三落四 低三下四 朝三暮四 举一反三 隔三差五 挑三拣四 说三道四 不三不四
二十四史 二十四孝 二十四节气 七十二变 八十一难 三百六十度 一百八十度大转弯 一二三四五 一二一 三七开 四六开 二八开 三人行 三人成虎 两人世界 三心两意
"""

_WORDS = sorted({*_COURT.split(), *_TIME.split(), *_NAMES.split(), *_SAYINGS.split()}, key=len, reverse=True)
_WORD = re.compile(rf"(?=({'|'.join(_WORDS)}))")
_TITLE = re.compile(r"《[^《》]*》")

Span = tuple[int, int]


def titles(text: str) -> list[Span]:
    """Where names of laws, contracts and books stand between 《 and 》."""
    return [match.span() for match in _TITLE.finditer(text)]


def words(text: str) -> list[Span]:
    """Where a word of the table stands; the longest one at each place."""
    return [match.span(1) for match in _WORD.finditer(text)]


def cuts(piece: Span, word: Span) -> bool:
    """The piece is the word, or would tear it apart.

    A word that lies inside a longer piece is an accident of digits: 十万一千 holds 万一.
    """
    overlap = piece[0] < word[1] and word[0] < piece[1]
    inside = piece[0] <= word[0] and word[1] <= piece[1]
    return piece == word or (overlap and not inside)
