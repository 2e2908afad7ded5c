"""Documents from templates: what the record knows is filled in, what it does not know is a blank, nothing is invented."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from asr.numerals import value
from casefile.documents.document import BLANK, Document, digest, text_of
from casefile.documents.making import make
from casefile.documents.material import Material, Wanted
from casefile.documents.template import BUILT_IN, load_templates, record_template
from casefile.duties import DutyMark, DutyState
from casefile.errors import BadTemplate, UnknownKey, UnreadableFile
from casefile.evidence import evidence
from casefile.export.signed_text import digest_read
from casefile.export.wording import NOTICE
from casefile.manifest import Chain, FileDigest, Manifest, Sound, SoundFile
from casefile.model import (
    CaseRecord,
    Gap,
    GapReason,
    Hearing,
    HearingKind,
    Omission,
    Pause,
    PauseReason,
    Seat,
)
from casefile.people.nouns import SECRET_KINDS
from casefile.signatures import Signature, SignatureKind
from tests.test_export import RECORD as EXPORTED
from tingji.invented import SEATS, invented

TEMPLATES = load_templates()


def paper(
    name: str, record: CaseRecord | None = None, wanted: Wanted | None = None, **more: object
) -> Document:
    case = record or invented()
    material = Material(case, "某市某区人民法院", evidence(case, value), wanted=wanted or Wanted())
    return make(replace(material, **more), TEMPLATES[name])  # type: ignore[arg-type]


def section(document: Document, heading: str) -> str:
    """The text of one section."""
    found = [one for one in document.sections if one.heading.startswith(heading)]
    assert len(found) == 1, heading
    return text_of(replace(document, head=(), sections=tuple(found)))


def signed(record: CaseRecord) -> CaseRecord:
    bare = replace(record, requests=(), decisions=(), signatures=())
    kinds = (SignatureKind.SIGNED,)
    made = tuple(Signature(who.id, kinds, 0, digest_read(bare, who)) for who in bare.signatories)
    return replace(bare, signatures=made)


def test_the_head_is_what_the_record_knows_and_blanks_elsewhere() -> None:
    head = {field.label.replace("　", ""): field.value for field in paper("civil").head}
    assert head["案号"] == "（2026）某0101民初1号"
    assert head["开庭时间"] == "2026年03月02日 09:00:00 至 2026年03月02日 09:12:00"
    assert head["开庭地点"] == "第一审判庭"
    assert head["审判人员"] == f"审判长 甲某　审判员 {BLANK}　人民陪审员 {BLANK}"
    assert head["案由"] == head["旁听人数"] == head["法官助理"] == BLANK
    assert "中断 2 次（依法中断 1 次，设备或技术原因 1 次）" in head["录音录像"]


def test_the_proceedings_have_stages_short_names_pauses_and_gaps_in_order() -> None:
    text = section(paper("civil"), "庭审经过")
    lines = text.splitlines()
    places = [
        lines.index(line)
        for line in (
            "宣布开庭",
            "书：当事人均已到庭，庭前准备工作就绪，可以开庭。",
            "法庭调查",
            "（00:04:09—00:04:11 第2声道：话筒断开，声音缺失）",
            "（00:04:28—00:04:38 录音依法中断：休庭）",
            "法庭辩论",
            "最后陈述",
            "被：请求依法判决。",
        )
    ]
    assert places == sorted(places)
    assert "未标记进入本阶段" not in text


def test_h1_the_opening_duties_stand_in_the_proceedings() -> None:
    marked = replace(invented(), duty_marks=(DutyMark("rules", "", DutyState.DONE, 0),))
    assert "（书记员标记：宣读法庭规则。）" in section(paper("civil", marked), "庭审经过")


def test_a_stage_that_must_be_there_and_was_not_entered_is_a_blank_to_look_at() -> None:
    text = section(paper("criminal", replace(invented(), stages=invented().stages[:-1])), "庭审经过")
    assert "最后陈述\n（未标记进入本阶段" in text


def test_seats_that_share_a_short_name_are_told_apart() -> None:
    record = invented()
    seats = (*SEATS[:3], Seat("s4", "被告", "被", "戊公司", (3,)))
    text = section(paper("civil", replace(record, hearing=replace(record.hearing, seats=seats))), "庭审经过")
    assert "被（丙公司）：请求依法判决。" in text
    assert "被（戊公司）：当事人均已到庭" in text
    assert "审：现在开庭。" in text


def test_the_condensed_text_stands_in_the_record_and_all_of_it_in_the_appendix() -> None:
    record = invented()
    first = replace(record.turns[0], omissions=(Omission(0, "当事人均已到庭，"),))
    document = paper("civil", replace(record, turns=(first, *record.turns[1:])), Wanted(verbatim=True))
    assert "书：庭前准备工作就绪" in section(document, "庭审经过")
    assert "00:00:20 书：当事人均已到庭，庭前准备" in section(document, "附：逐字")
    assert all(not one.heading.startswith("附") for one in paper("civil").sections)


def test_evidence_and_corrections_are_tables_and_a_request_cannot_be_left_out() -> None:
    document = paper("civil", wanted=Wanted(evidence=False, corrections=False))
    assert "被告：真 认可，证 不认可" in section(paper("civil"), "证据与质证")
    assert all(one.heading != "证据与质证" for one in document.sections)
    asked = section(document, "补正记录")
    assert (
        "丙公司 | 00:07:00—00:07:04 | 依法判决 | 差错：依法驳回 | 是 | 不予补正（理由：录音中所说为“依法判决”）"
        in asked
    )
    without = replace(invented(), requests=(), decisions=())
    assert all(
        one.heading != "补正记录" for one in paper("civil", without, Wanted(corrections=False)).sections
    )


def test_signatures_come_in_the_lawful_order_with_what_they_are_worth() -> None:
    lines = [line for line in section(paper("civil"), "核对与签名").splitlines() if "：" in line][-4:]
    assert [line.partition("：")[0] for line in lines] == ["原告", "被告", "审判长", "书记员"]
    assert "签名；所签文本 SHA-256 前16位" in lines[0] and "2026年03月02日 09:30:00" in lines[0]
    changed = replace(invented(), pauses=())
    assert "不再覆盖现文本" in section(paper("civil", changed), "核对与签名")
    refused = Signature(
        "b", (SignatureKind.REFUSED,), 1, "", reason="对笔录有异议", start_ms=1000, end_ms=5000
    )
    text = section(paper("civil", replace(invented(), signatures=(refused,))), "核对与签名")
    assert "被告：丙公司 （拒绝签名；理由：对笔录有异议；录音位置 00:00:01—00:00:05）" in text


def test_before_anybody_is_named_there_is_a_line_for_every_seat_the_court_last() -> None:
    text = section(paper("civil", replace(invented(), signatories=(), signatures=())), "核对与签名")
    assert [line.partition("：")[0] for line in text.splitlines()[-4:]] == [
        "原告",
        "被告",
        "审判长",
        "书记员",
    ]


def test_d1_the_mark_is_on_every_record_until_all_have_signed() -> None:
    records = [name for name, one in TEMPLATES.items() if one.kinds]
    assert len(records) == 7
    for name in records:
        assert paper(name).mark == NOTICE and NOTICE in text_of(paper(name)).splitlines()[0]
        assert paper(name, signed(invented())).mark == ""


@pytest.mark.parametrize(
    ("kind", "number", "name"),
    [
        (HearingKind.TRIAL, "（2026）京0105民初1号", "civil"),
        (HearingKind.TRIAL, "（2026）京0105刑初1号", "criminal"),
        (HearingKind.TRIAL, "（2026）京0105行初1号", "administrative"),
        (HearingKind.TRIAL, "", "general"),
        (HearingKind.PRONOUNCEMENT, "（2026）京0105民初1号", "general"),
        (HearingKind.DELIBERATION, "（2026）京0105民初1号", "deliberation"),
        (HearingKind.COMMITTEE, "", "committee"),
        (HearingKind.JUDGES_MEETING, "", "meeting"),
    ],
)
def test_which_record_by_kind_and_case_number(kind: HearingKind, number: str, name: str) -> None:
    assert record_template(TEMPLATES, kind, number).name == name


def test_every_kind_of_hearing_has_a_record_and_secret_kinds_only_secret_ones() -> None:
    for kind in HearingKind:
        assert record_template(TEMPLATES, kind, "").secret == (kind in SECRET_KINDS)


def test_c2_whatever_is_of_a_secret_meeting_is_for_the_inner_volume() -> None:
    for kind in SECRET_KINDS:
        for name in TEMPLATES:
            document = paper(name, invented(kind))
            assert document.secret and document.banner.startswith("（副卷）")
    assert not paper("civil").secret


def test_j1_a_deliberation_has_room_for_the_minority_and_every_member() -> None:
    text = text_of(paper("deliberation", invented(HearingKind.DELIBERATION)))
    assert "少数意见（持有人及理由）：" + BLANK in text
    assert "审判长 甲某 | 00:00:40—00:07:26，7 次" in text


def test_a3_the_recording_paper_lists_every_pause_and_gap_seats_and_channels() -> None:
    record = replace(EXPORTED, gaps=(*EXPORTED.gaps, Gap(0, 500, GapReason.OVERFLOW)))
    text = text_of(paper("recording", record))
    assert "1 | 00:00:00 | 00:00:00 | 0.5 秒 | 全部声道 | 录音设备来不及写入，声音缺失 | 另附情况说明" in text
    assert "2 | 00:01:25 | 00:01:26 | 1.5 秒 | 第2声道 | 话筒断开，声音缺失 | 另附情况说明" in text
    assert "3 | 00:01:30 | 00:01:35 | 5.0 秒 | 全部声道 | 休庭（第三条第（一）项）" in text
    assert "第1声道 | 审判长 王某" in text
    assert "时钟被调整 -3600.0 秒" in text
    lasting = replace(record, pauses=(Pause(90_000, None, PauseReason.MEDIATION),))
    assert f"| {BLANK} | {BLANK} | 全部声道 | 不宜录制的调解（第三条第（三）项）" in text_of(
        paper("recording", lasting)
    )


def test_b4_the_integrity_paper_lists_every_file_with_size_length_and_both_digests() -> None:
    facts = FileDigest(1234, "ab" * 32, "cd" * 32)
    sound = SoundFile("0000000001.wav", ("0000000001-ch01.flac",), "", 16_000 * 90, 16_000, 1, 1, 9)
    manifest = Manifest(
        "tingji-record/1", "h", "2026-03-02T02:00:00.000+00:00", Chain(1, ""),
        Sound(1, 9, "", (sound,), (), ()), {"audio/0000000001-ch01.flac": facts},
    )  # fmt: skip
    record = replace(invented(), digests={"manifest_sha256": "ef" * 32, "manifest_sm3": None})
    text = text_of(paper("integrity", record, manifest=manifest))
    assert f"audio/0000000001-ch01.flac | 1234 | 00:01:30 | {'ab' * 32} | {'cd' * 32}" in text
    assert f"manifest.json 的 SHA-256：{'ef' * 32}" in text
    assert f"manifest.json 的 SM3：{BLANK}" in text
    assert "原告：乙某" in text and "审判长：" not in text
    assert "尚未封存" in text_of(paper("integrity"))


def test_b4_the_consent_has_a_line_for_every_party() -> None:
    text = text_of(paper("consent"))
    assert "可以替代法庭笔录" in text
    assert "原告：乙某" in text and "被告：丙公司" in text


def test_a_record_of_nothing_is_a_paper_of_blanks() -> None:
    empty = CaseRecord(Hearing("h", HearingKind.TRIAL))
    for name in TEMPLATES:
        text = text_of(make(Material(empty), TEMPLATES[name]))
        assert BLANK in text and "None" not in text and "{" not in text


def test_fields_are_filled_once_and_text_of_court_stays_on_its_line() -> None:
    record = invented()
    hearing = replace(record.hearing, courtroom="{case_number}\n第二行", seats=())
    head = {field.label: field.value for field in paper("civil", replace(record, hearing=hearing)).head}
    assert head["开庭地点"] == "{case_number} 第二行"


def test_the_digest_is_of_the_text() -> None:
    document = paper("civil")
    assert digest(document) != digest(paper("civil", replace(invented(), turns=invented().turns[:-1])))
    assert digest(document) == digest(paper("civil"))


GOOD = 'title = "笔录"\nkinds = ["庭审"]\ncase_words = ["民初"]\n'


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("titel = 'x'", UnknownKey, "title"),
        ('title = "x"\n[[head]]\nlabel = "案号"\nvalue = "{case_nummber}"', UnknownKey, "case_number"),
        ('title = "x"\n[[section]]\nfill = "procedings"', UnknownKey, "proceedings"),
        ('title = "x"\n[[section]]\noption = "verbatm"', UnknownKey, "verbatim"),
        ('title = "x"\n[[section]]\nheadding = "a"', UnknownKey, "heading"),
        ('title = "x"\nkinds = ["庭申"]', UnknownKey, "庭审"),
        ('title = "x"\nkinds = ["合议"]', BadTemplate, "secret"),
        ('title = ""', BadTemplate, "title"),
        ('title = "x"\nsecret = "yes"', BadTemplate, "secret"),
        ('title = "x"\nhead = "y"', BadTemplate, "head"),
        ("title = x", UnreadableFile, "line 1"),
    ],
)
def test_a_mistake_in_a_template_is_named_with_file_and_place(
    tmp_path: Path, text: str, error: type[Exception], said: str
) -> None:
    (tmp_path / "ours.toml").write_text(text, "utf-8")
    with pytest.raises(error) as caught:
        load_templates(tmp_path)
    assert "ours.toml" in str(caught.value) and said in str(caught.value)


def test_a_court_replaces_one_template_and_keeps_the_others(tmp_path: Path) -> None:
    (tmp_path / "civil.toml").write_text(GOOD, "utf-8")
    templates = load_templates(tmp_path)
    assert templates["civil"].title == "笔录" and templates["criminal"] == TEMPLATES["criminal"]
    assert templates.keys() == TEMPLATES.keys()
    (tmp_path / "坏.toml").write_text(GOOD, "utf-8")
    with pytest.raises(BadTemplate):
        load_templates(tmp_path)
    with pytest.raises(UnreadableFile):
        load_templates(tmp_path / "nowhere")


def test_all_built_in_templates_are_packed() -> None:
    assert len(list(BUILT_IN.glob("*.toml"))) == len(TEMPLATES) == 11
