"""A stage is proposed by the words of the bench, and set by one key; in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.courthouse import Courthouse, tone
from tests.hall import until
from tests.test_pages import open_hearing

pytestmark = pytest.mark.browser
CUE = ".told.cue p"
CUE_IN = """async ([text, role]) => {
  const [{ cueIn }, { stagesOf }] = await Promise.all([import("/static/cues.js"), import("/static/courtroom.js")]);
  return cueIn(text, role, stagesOf("庭审"))?.name ?? null;
}"""


@pytest.fixture
def hearing_id(page: Page, court: Courthouse) -> str:
    hearing_id = court.hearing()
    court.record(hearing_id, [(0, tone(440, 20_000))])
    court.say(hearing_id, "请坐下。", 0, 0)
    open_hearing(page, hearing_id)
    expect(page.locator("article.turn")).to_have_count(1)
    return hearing_id


def stages(court: Courthouse, hearing_id: str) -> list[str]:
    return [stage.name for stage in court.feed.record(hearing_id).stages]


def test_h5_the_words_that_open_a_stage(page: Page, hearing_id: str) -> None:
    heard = {
        ("现在开庭。", "审判长"): "宣布开庭",
        ("现在宣布法庭纪律。", "书记员"): "庭前准备",
        ("现在进行法庭调查。请原告陈述诉讼请求。", "审判长"): "法庭调查",
        ("法庭调查结束，现在进行法庭辩论。", "审判员"): "法庭辩论",
        ("请原告代理人向法庭出示证据。", "审判长"): "举证质证",
        ("恢复法庭调查。", "审判长"): "恢复法庭调查",
        ("现在恢复法庭辩论。", "审判长"): "恢复法庭辩论",
        ("请被告人作最后陈述。", "审判长"): "最后陈述",
        ("双方是否愿意调解？", "审判长"): "调解",
        ("现在休庭。", "审判长"): "休庭",
        ("判决如下。", "审判长"): "宣判",
        ("现在闭庭。", "审判长"): "闭庭与核对",
        ("现在，呃，进行法庭调查。", "审判长"): "法庭调查",
        ("下面进入法庭辩论阶段。", "审判长"): "法庭辩论",
        ("刚才我说，现在休庭。", "审判长"): None,
        ("现在休庭？", "审判长"): None,
        ("你说的现在开庭是什么意思？", "审判长"): None,
        ("刚才审判长说现在开庭了。", "原告"): None,
        ("现在休庭吗？", "审判长"): None,
        ("如果现在休庭，下午再来。", "审判长"): None,
        ("现在开庭。", "被告"): None,
        ("现在开庭。", "证人"): None,
        ("在法庭调查中已经说过。", "审判长"): None,
    }
    assert {one: page.evaluate(CUE_IN, list(one)) for one in heard} == heard


def test_h5_proposed_and_set_by_one_key(page: Page, court: Courthouse, hearing_id: str) -> None:
    court.say(hearing_id, "现在进行法庭调查。", 4_000, 0)
    expect(page.locator(CUE)).to_contain_text("法庭调查")
    assert stages(court, hearing_id) == []
    page.locator("[data-act=cue-place]").click()
    expect(page.locator("article.turn").nth(1)).to_contain_class("chosen")
    page.keyboard.press("Shift+G")
    until(lambda: stages(court, hearing_id) == ["法庭调查"])
    expect(page.locator(CUE)).to_have_count(0)


def test_left_alone_over_a_reload_and_the_next_one_comes(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    court.say(hearing_id, "现在休庭。", 4_000, 0)
    expect(page.locator(CUE)).to_contain_text("休庭")
    page.keyboard.press("Alt+G")
    expect(page.locator(CUE)).to_have_count(0)
    page.reload()
    expect(page.locator("article.turn")).to_have_count(2)
    expect(page.locator(CUE)).to_have_count(0)
    court.say(hearing_id, "现在宣判。", 9_000, 0)
    expect(page.locator(CUE)).to_contain_text("宣判")
    assert stages(court, hearing_id) == []


def test_a_party_proposes_nothing(page: Page, court: Courthouse, hearing_id: str) -> None:
    court.say(hearing_id, "现在休庭。", 4_000, 1)
    expect(page.locator("article.turn")).to_have_count(2)
    expect(page.locator(CUE)).to_have_count(0)


def test_h2_h3_h7_the_checklist_warns_and_leads_to_the_place(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    said = (
        ("现在告知诉讼权利义务。是否申请回避？", 0),
        ("不申请回避。", 1),
        ("现在进行法庭调查。", 0),
    )
    for number, (text, channel) in enumerate(said):
        court.say(hearing_id, text, 3_000 + number * 4_000, channel)
    expect(page.locator(CUE)).to_contain_text("法庭调查")
    page.locator("article.turn button.at").first.focus()
    page.keyboard.press("h")
    line = page.locator("dialog.checklist li")
    expect(page.locator("[data-check=rights]")).to_contain_class("done")
    expect(page.locator("[data-check=recusal原告]")).to_contain_class("done")
    expect(page.locator("[data-check=recusal被告]")).to_contain_class("open")
    expect(page.locator("[data-check=last被告]")).to_contain_class("open")
    expect(page.locator("[data-check=pledge]")).to_have_count(0)
    page.locator("[data-act=cue-take]").click()
    until(lambda: stages(court, hearing_id) == ["法庭调查"])
    expect(page.locator("[data-check=recusal被告]")).to_contain_class("missing")
    expect(page.locator("aside .count", has_text="7")).to_be_visible()  # and the six before the opening
    page.locator("[data-check=recusal原告] button.figure").click()
    expect(page.locator("article.turn").nth(2)).to_contain_class("chosen")
    court.say(hearing_id, "我方也不申请回避。", 18_000, 2)
    expect(page.locator("[data-check=recusal被告]")).to_contain_class("done")
    expect(line).to_have_count(5 + 6)


CHECKS = """async ([said, stages]) => {
  const { checklist } = await import("/static/checklist.js");
  const roles = [...new Set(said.map(([role]) => role))];
  const rows = said.map(([role, text], at) => ({ key: `t${at}`, kind: "turn", at: at * 1000, text, turn: { seat: role, suppressed: null } }));
  const record = { seq: 1, hearing: { kind: "庭审", seats: roles.map((role) => ({ id: role, role })) }, rows,
    stages: stages.map(([name, at]) => ({ name, at: at * 1000 })), seat: (id) => ({ role: id }) };
  return Object.fromEntries(checklist(record).trial.map(({ id, of, state }) => [id + of, state]));
}"""


def test_h2_h4_d5_h7_what_only_sounds_like_it_is_not_done(page: Page, hearing_id: str) -> None:
    criminal = [
        ("审判长", "你们有权申请回避。可以在法庭辩论终结后作最后陈述，应当如实陈述，听清了吗？"),
        ("被告人", "听清了。"),
        ("公诉人", "宣读起诉书。"),
        ("证人", "我看见了。"),
        ("被告人", "对该证据真实性没有异议。"),
        ("审判长", "现在宣判。终审判决，不得上诉。"),
    ]
    stages = [["法庭调查", 2], ["宣判", 4], ["闭庭与核对", 6]]
    missing = dict.fromkeys(
        ("rights", "recusal被告人", "pledge", "last被告人", "appeal", "term", "court"), "missing"
    )
    assert page.evaluate(CHECKS, [criminal, stages]) == missing
    good = [
        ("审判长", "告知诉讼权利义务。是否申请回避？"),
        ("被告人", "没有。"),
        ("审判长", "传证人到庭，请宣读保证书。"),
        ("证人", "我看见了。"),
        ("审判长", "请被告人作最后陈述。"),
        ("被告人", "我认罪。"),
        ("审判长", "现在宣判。如不服本判决，可在十日内上诉于北京市第三中级人民法院。"),
    ]
    assert page.evaluate(CHECKS, [good, stages]) == dict.fromkeys(missing, "done")


def test_h2_two_defendants_answer_each_for_themselves(page: Page, hearing_id: str) -> None:
    said = [("审判长", "是否申请回避？"), ("被告一", "不申请。"), ("被告二代理人", "请等一下。")]
    found = page.evaluate(CHECKS, [said, [["法庭调查", 3]]])
    assert (found["recusal被告一"], found["recusal被告二"]) == ("done", "missing")


def test_h6_a_plea_that_is_spoken_of_is_told_free_and_with_a_lawyer(page: Page, hearing_id: str) -> None:
    said = [("公诉人", "被告人签署了认罪认罚具结书。"), ("审判长", "现在告知你认罪认罚的法律后果。")]
    ids = ("plea_told", "plea_free", "plea_lawyer")
    found = page.evaluate(CHECKS, [said, [["法庭辩论", 3]]])
    assert [found[one] for one in ids] == ["done", "missing", "missing"]
    said += [("审判长", "你是否自愿签署？"), ("审判长", "签署时值班律师是否在场？")]
    found = page.evaluate(CHECKS, [said, [["法庭辩论", 5]]])
    assert [found[one] for one in ids] == ["done", "done", "done"]
    assert not {*ids} & set(page.evaluate(CHECKS, [[("审判长", "现在开庭。")], [["法庭辩论", 1]]]))


def test_h7_the_right_of_appeal_wants_its_term_and_its_court(page: Page, hearing_id: str) -> None:
    said = [("审判长", "现在宣判。"), ("审判长", "不服本判决的，可以上诉。")]
    found = page.evaluate(CHECKS, [said, [["宣判", 0], ["闭庭与核对", 2]]])
    assert [found[one] for one in ("appeal", "term", "court")] == ["done", "missing", "missing"]


TOLD = [
    ("term", "被告于本判决生效之日起十日内支付货款三万元。", False),
    ("term", "原告应于本裁定送达之日起十日内补缴案件受理费。", False),
    ("term", "如不服本判决，可在判决书送达之日起十五日内向本院递交上诉状。", True),
    ("term", "上诉期限为收到判决书之次日起十日内。", True),
    ("appeal", "本院认为，上诉人的理由不能成立，驳回上诉，维持原判。", False),
    ("appeal", "原告不服一审判决，上诉于本院。", False),
    ("appeal", "不服本判决的，可以上诉。", True),
    ("appeal", "各方当事人依法享有上诉权。", True),
    ("court", "本院认为，上诉人的理由不能成立。", False),
    ("court", "原告不服一审法院的判决，上诉于本院。", False),
    ("court", "向本院递交上诉状，上诉于北京市第三中级人民法院。", True),
    ("court", "可以向省高级人民法院提起上诉。", True),
    ("rights", "双方依照合同约定的权利和义务履行。", False),
    ("rights", "现在告知当事人的权利和义务。", True),
    ("plea_free", "附带民事部分，双方是否自愿调解？", False),
    ("plea_free", "你是自愿认罪认罚的吗？", True),
    ("plea_told", "公诉人建议按认罪认罚案件处理。", False),
    ("plea_told", "认罪认罚的，可以依法从宽处理。", True),
]


@pytest.mark.parametrize(("line", "said", "told"), TOLD)
def test_d5_h6_h7_only_what_tells_it_is_green(
    page: Page, hearing_id: str, line: str, said: str, told: bool
) -> None:
    before = ("公诉人", "被告人签署了认罪认罚具结书。")
    stages = [["宣判", 0], ["法庭辩论", 2], ["闭庭与核对", 3]]
    found = page.evaluate(CHECKS, [[before, ("审判长", said)], stages])
    assert found[line] == ("done" if told else "missing")
