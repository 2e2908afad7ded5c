"""asr.script: the words of the court in Simplified script, character by character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.script import court_words, simplified

WORDS = """
看著我:看着我 拿著刀:拿着刀 意味著:意味着 隨著:随着 借著:借着 藉著:借着 睡著:睡着 沈著:沉着 執著:执着
著手:着手 著火:着火 著急:着急 著落:着落 著重:着重 衣著:衣着 沒著落:没着落 穿著制服:穿着制服
著作:著作 著作權:著作权 著名:著名 著述:著述 著錄:著录 顯著:显著 卓著:卓著 昭著:昭著 名著:名著 原著:原著 專著:专著 編著:编著 譯著:译著
巨著:巨著 土著:土著 論著:论著 合著:合著 所著:所著 遺著:遗著
討論著:讨论着 配合著:配合着 結合著:结合着 拿著名片:拿着名片 寫著名字:写着名字 拿著作案工具:拿着作案工具 拿著錄音筆:拿着录音笔
乾淨:干净 餅乾:饼干 乾燥:干燥 幹部:干部 幹警:干警 幹什麼:干什么 干涉:干涉 干預:干预 若干:若干 乾坤:乾坤 乾隆:乾隆
裏面:里面 裡面:里面 這裏:这里 公里:公里
覆議:复议 復議:复议 複議:复议 覆核:复核 複核:复核 覆審:复审 覆查:复查 答覆:答复 回覆:回复 批覆:批复 反覆:反复 恢復:恢复 複印件:复印件
覆蓋:覆盖 顛覆:颠覆 傾覆:倾覆 恢復蓋章:恢复盖章
徵收:征收 徵求:征求 特徵:特征 象徵:象征 長征:长征 餘額:余额 其餘:其余 剩餘:剩余 余某:余某
藉口:借口 憑藉:凭借 藉此:借此 借款:借款 慰藉:慰藉 狼藉:狼藉 瞭解:了解 明瞭:明了 瞭望:瞭望
後果:后果 然後:然后 皇后:皇后 太后:太后 准許:准许 標準:标准 批准:批准 核準:核准 不準:不准
制度:制度 管制:管制 製作:制作 製毒:制毒 系統:系统 關係:关系 確係:确系 係爭:系争 聯繫:联系 於是:于是 對於:对于 由於:由于 于某:于某
帳戶:账户 轉帳:转账 帳篷:帐篷 賬目:账目 會議紀錄:会议记录 庭審紀錄:庭审记录 世界紀錄:世界纪录 紀律:纪律
被吿:被告 債劵:债券 妳說:你说 甚麼:什么 祇有:只有 證據:证据 証據:证据 筆錄:笔录 瀋陽:沈阳 沈某:沈某 姓范:姓范 範圍:范围
見微知著:见微知著 撰著:撰著 著譯:著译 藉藉无名:藉藉无名
發生:发生 頭髮:头发 占有:占有 佔有:占有 鬥毆:斗殴 併罰:并罚 並且:并且 強姦:强奸 僱員:雇员 贓物:赃物 託付:托付
"""


@pytest.mark.parametrize(("before", "after"), [pair.split(":") for pair in WORDS.split()])
def test_word(before: str, after: str) -> None:
    assert simplified(before) == after


@pytest.mark.parametrize("after", sorted({pair.split(":")[1] for pair in WORDS.split()}))
def test_what_is_right_stays(after: str) -> None:
    assert simplified(after) == after


@given(st.text("著看作名顯干乾坤裏里覆復議徵餘藉瞭後后准準制製系繫係於于帳纪錄的，。a1", max_size=20))
def test_length_is_kept(text: str) -> None:
    assert len(simplified(text)) == len(text)
    assert simplified(simplified(text)) == simplified(text)


def test_court_words_leaves_plain_text() -> None:
    assert court_words("请原告陈述诉讼请求及事实理由。") == "请原告陈述诉讼请求及事实理由。"
