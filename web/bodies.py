"""The bodies of requests: every key known, every value of its kind, or `BadRequest` / `UnknownKey`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from casefile import setup
from casefile.duties import OPENING, OTHERS, DutyMark, DutyState
from casefile.errors import BadRequest, BadSetting
from casefile.exhibit_words import MOST as MOST_EXHIBITS
from casefile.exhibit_words import PARTIES
from casefile.exhibits import ACCEPTED, CLEARED, DISPUTED, VIEWS, Column, ExhibitEntry
from casefile.finding import Query
from casefile.keys import NOT_TEXT, refuse_unknown
from casefile.model import SCREEN_KINDS, BlankingRule, Hearing, LinkKind, Omission, PauseReason, Tag, WordKind
from casefile.package import Retention
from casefile.people.notes import Note
from casefile.people.nouns import Role
from casefile.setup import Values
from casefile.summary import HearingSummary

Body = Mapping[str, object]

BODY = "JSON"
"""What the body is called where an error says in which file a key stands."""
LABELS = {
    "kind": "类型", "case_number": "案号", "courtroom": "法庭", "language": "语言", "secrecy": "公开程度", "seats": "席位",
    "role": "身份", "short": "简称", "person": "姓名", "channels": "话筒", "pseudonym": "化名", "reason": "暂停理由",
    "recorder": "录音机", "device": "录音设备", "name": "阶段名称",
    "words": "案件用语", "text": "词语", "places": "更正建议", "at": "位置", "after": "更正后的文字", "turn_id": "发言",
    "turns": "发言", "turn_ids": "发言", "seat": "席位", "label": "声音", "at_word": "拆分位置", "account": "账号",
    "hours": "有效时间", "tag": "标记", "pieces": "略去的文字", "second": "后一段发言",
    "speaker": "发言人", "stage": "阶段", "from_ms": "起始时间", "to_ms": "结束时间", "since_s": "起始日期", "until_s": "结束日期",
}  # fmt: skip
"""What the pages call the keys."""
MOST_WORD = 60
MOST_ITEMS = 10_000
MOST_HOURS = 7 * 24
LONGEST_NOTE = 20_000
MOST_MS = 1 << 40
UNWRITABLE = re.compile(r"[\x00\ud800-\udfff]")
"""What no database keeps: zero characters, halves of characters. (A note may have lines.)"""
LONGEST_SECRET = 1_000
LONGEST_TURN = 20_000
MOST_CELL = 500
"""Characters in a cell of the evidence table."""


def hearing_of(body: Body, hearing_id: str) -> Hearing:
    """The set-up that the body holds; all keys but `kind` may be left out."""
    with as_request():
        return replace(setup.hearing_of(body, BODY), id=hearing_id)


def pause_reason_of(body: Body) -> PauseReason:
    """One of the three lawful reasons (court.md A2)."""
    refuse_unknown(BODY, body, ("reason",))
    with as_request():
        return Values(BODY, body).choice("reason", PauseReason, None)


def recorder_of(body: Body) -> str | None:
    """The recorder's name, or None: the idle one."""
    refuse_unknown(BODY, body, ("recorder",))
    with as_request():
        return Values(BODY, body).text("recorder") or None


def needed(body: Body, key: str) -> str:
    """The text under the only key; it must not be empty."""
    refuse_unknown(BODY, body, (key,))
    values = Values(BODY, body)
    with as_request():
        if not (value := values.text(key)):
            raise values.wrong(key, "不能为空，请填写。", "it must not be empty: fill it in.")
    return value


def without_recorder_of(body: Body) -> bool:
    """Whether to close though the recorder cannot be reached."""
    refuse_unknown(BODY, body, ("without_recorder",))
    return flag(body, "without_recorder")


def flag(body: Body, key: str) -> bool:
    """Yes or no; no where it is left out."""
    value = body.get(key, False)
    if not isinstance(value, bool):
        raise BadRequest(zh_why=f"“{key}”应为 true 或 false。", en_why=f"{key} must be true or false.")
    return value


def words_of(body: Body) -> list[tuple[str, WordKind | None]]:
    """The words of the case that the body holds, 2 to 60 characters each, with their kinds where given."""
    return [_word(one) for one in tables(body, "words")]


def _word(item: Body) -> tuple[str, WordKind | None]:
    refuse_unknown(BODY, item, ("text", "kind"))
    values = Values(BODY, item)
    with as_request():
        text = values.text("text")
        if not 2 <= len(text) <= MOST_WORD:
            raise values.wrong(
                "text", f"应为 2 到 {MOST_WORD} 个字。", f"it must be 2 to {MOST_WORD} characters."
            )
        return text, values.choice("kind", WordKind, None) if "kind" in item else None


def tables(body: Body, key: str) -> list[Body]:
    """The objects in the list under the only key."""
    refuse_unknown(BODY, body, (key,))
    values = Values(BODY, body)
    with as_request():
        items = values.items(key, MOST_ITEMS)
        if not items or not all(isinstance(item, dict) for item in items):
            raise values.wrong(key, "应为列表，不能为空。", "it must be a list of objects, not empty.")
    return [item for item in items if isinstance(item, dict)]


def entry_of(body: Body) -> ExhibitEntry:
    """A cell of the evidence table: what it read (`before`) and what it is to read."""
    refuse_unknown(BODY, body, ("party", "number", "column", "of", "before", "value"))
    values, number = Values(BODY, body), body.get("number")
    with as_request():
        column = values.choice("column", Column, None)
        texts = {key: values.text(key) for key in ("party", "of", "before", "value")}
        if type(number) is not int or not 1 <= number <= MOST_EXHIBITS:
            raise values.wrong("number", "应为从 1 数起的整数。", "it must be a whole number from 1.")
        if texts["party"] not in PARTIES or (texts["of"] in PARTIES) is not (column in VIEWS):
            raise values.wrong("party", "应为本案的一方，如“原告”。", "it must be a party, as 原告.")
        if not _fits(column, texts["value"]):
            raise values.wrong("value", "过长，或不是可选的一项。", "it is too long, or none of the choices.")
    return ExhibitEntry(column=column, number=number, **texts)


def duty_of(body: Body) -> DutyMark:
    """A mark on a line of the checklist, and how the line was marked (`before`); `note` may be left out."""
    refuse_unknown(BODY, body, ("duty", "of", "state", "before", "note"))
    values = Values(BODY, body)
    with as_request():
        duty, of, note = (values.text(key) for key in ("duty", "of", "note"))
        states = (values.choice(key, DutyState, None) for key in ("state", "before"))
        if duty not in OPENING and duty not in OTHERS:
            raise values.wrong("duty", "核对清单中没有这一项。", "there is no such line in the checklist.")
        if len(of) > MOST_WORD or len(note) > MOST_CELL:
            raise values.wrong("note", f"至多 {MOST_CELL} 个字。", f"at most {MOST_CELL} characters.")
        state, before = states
        if state is DutyState.NOT_APPLICABLE and not note.strip():
            raise values.wrong("note", "请写明为什么不适用。", "say why it does not apply.")
    return DutyMark(duty, of, state, 0, note, before)


def _fits(column: Column, value: str) -> bool:
    if column in VIEWS:
        return value in {"", ACCEPTED, DISPUTED, CLEARED}
    return value in {"", "是"} if column is Column.STRUCK else len(value) <= MOST_CELL


def place_of(body: Body) -> tuple[str, int, str]:
    """`turn_id`, `at` and `after` of a change."""
    refuse_unknown(BODY, body, ("turn_id", "at", "after"))
    values, at = Values(BODY, body), body.get("at")
    with as_request():
        if type(at) is not int or at < 0:
            raise values.wrong("at", "应为从 0 数起的整数。", "it must be a whole number from 0.")
        return values.text("turn_id"), at, values.text("after")


def word_of(body: Body) -> int:
    """The word before which a turn is cut, from 1."""
    refuse_unknown(BODY, body, ("at_word",))
    values, at = Values(BODY, body), body.get("at_word")
    with as_request():
        if type(at) is not int or at < 1:
            raise values.wrong("at_word", "应为从 1 数起的整数。", "it must be a whole number from 1.")
        return at


def wording_of(body: Body, *keys: str) -> tuple[str, ...]:
    """The texts of a turn under exactly these keys; never part of an error."""
    refuse_unknown(BODY, body, keys)
    found = tuple(body.get(key) for key in keys)
    if not all(isinstance(one, str) and len(one) <= LONGEST_TURN for one in found):
        raise BadRequest(
            zh_why="缺少发言的文字，或文字过长。", en_why="A turn's text is missing or too long."
        )
    return tuple(str(one) for one in found)


def tag_of(body: Body) -> Tag:
    """One of the marks."""
    refuse_unknown(BODY, body, ("tag",))
    with as_request():
        return Values(BODY, body).choice("tag", Tag, None)


def pieces_of(body: Body) -> list[Omission]:
    """The pieces of a turn: where each begins, and how it reads."""
    return [_piece(one) for one in tables(body, "pieces")]


def _piece(body: Body) -> Omission:
    refuse_unknown(BODY, body, ("at", "text"))
    at, text = body.get("at"), body.get("text")
    if type(at) is not int or at < 0 or not isinstance(text, str) or not text:
        raise BadRequest(
            zh_why="请指明要略去的文字。", en_why="Say which piece is meant: its text, and where it begins."
        )
    return Omission(at, text)


def target_of(body: Body) -> tuple[str | None, str]:
    """A seat's id, or None and the label or name of somebody without a seat: exactly one of both."""
    refuse_unknown(BODY, body, ("seat", "person"))
    if ("seat" in body) == ("person" in body):
        raise BadRequest(zh_why="请选择席位，或填写姓名。", en_why="Choose a seat, or give a name.")
    return (text_of(body, "seat"), "") if "seat" in body else (None, text_of(body, "person"))


def text_of(body: Body, key: str) -> str:
    """The text under a key, 1 to 60 characters."""
    values = Values(BODY, body)
    with as_request():
        if not 1 <= len(text := values.text(key)) <= MOST_WORD:
            raise values.wrong(
                key, f"应为 1 到 {MOST_WORD} 个字。", f"it must be 1 to {MOST_WORD} characters."
            )
        return text


def texts(body: Body, key: str) -> list[str]:
    """The texts in the list under the only key."""
    refuse_unknown(BODY, body, (key,))
    items, values = body.get(key), Values(BODY, body)
    with as_request():
        if not isinstance(items, list) or not items or not all(isinstance(one, str) for one in items):
            raise values.wrong(key, "应为列表，不能为空。", "it must be a list of texts, not empty.")
        return items


def secrets_of(body: Body, *keys: str) -> tuple[str, ...]:
    """Texts that never stand in an error, up to 1,000 characters; exactly these keys."""
    refuse_unknown(BODY, body, keys)
    found = tuple(body.get(key) for key in keys)
    if not all(
        isinstance(one, str) and 0 < len(one) <= LONGEST_SECRET and not NOT_TEXT.search(one) for one in found
    ):
        raise BadRequest(zh_why="请填写所有栏目。", en_why="Fill in every field.")
    return tuple(str(value) for value in found)


def archive_of(body: Body) -> tuple[Retention, str | None]:
    """How long an archive is kept, and the passphrase of the court's key, where it has one."""
    refuse_unknown(BODY, body, ("retention", "passphrase"))
    passphrase = (
        secrets_of({"passphrase": body["passphrase"]}, "passphrase")[0] if body.get("passphrase") else None
    )
    try:
        return Retention(str(body.get("retention", Retention.PERMANENT))), passphrase
    except ValueError:
        raise BadRequest(
            zh_why="没有这种保管期限。请选择永久、60年或30年。",
            en_why="There is no such retention: permanent, 60 or 30 years.",
        ) from None


def roles_of(body: Body) -> list[Role]:
    """The roles of an account, at least one."""
    refuse_unknown(BODY, body, ("name", "roles"))
    items, known = body.get("roles"), {role.value for role in Role}
    if (
        not isinstance(items, list)
        or not items
        or not all(isinstance(item, str) and item in known for item in items)
    ):
        raise BadRequest(zh_why="请至少选择一个角色。", en_why="Choose at least one role.")
    return [Role(item) for item in items]


def link_of(body: Body) -> tuple[LinkKind, str, int]:
    """Kind, label and hours of validity (1 to 168) of a new link."""
    refuse_unknown(BODY, body, ("kind", "label", "hours"))
    values, hours = Values(BODY, body), body.get("hours")
    with as_request():
        if type(hours) is not int or not 1 <= hours <= MOST_HOURS:
            raise values.wrong(
                "hours", f"应为 1 到 {MOST_HOURS} 小时。", f"it must be 1 to {MOST_HOURS} hours."
            )
        kind = values.choice("kind", LinkKind, None)
        if kind not in SCREEN_KINDS:
            raise values.wrong("kind", "请在签字面板中发放。", "it is given in the panel of signatures.")
        return kind, text_of(body, "label"), hours


def kinds_of(body: Body, *keys: str) -> list[LinkKind]:
    """The kinds of screens under `kinds`, each once; `keys`: all that the body may hold."""
    refuse_unknown(BODY, body, keys)
    items, known = body.get("kinds"), {kind.value for kind in SCREEN_KINDS}
    if not isinstance(items, list) or not all(isinstance(item, str) and item in known for item in items):
        raise BadRequest(zh_why="没有这种屏幕。", en_why="There is no such kind of screen.")
    return [kind for kind in SCREEN_KINDS if kind.value in items]


def rule_of(body: Body) -> BlankingRule:
    """What a stage or pause blanks: `name` and `kinds` (none: nothing)."""
    return BlankingRule(text_of(body, "name"), tuple(kinds_of(body, "name", "kinds")))


def note_of(body: Body, note_id: str) -> Note:
    """A private note: `text` of 1 to 20,000 characters, and where it is about a place, `turn_id` and `at_ms`."""
    refuse_unknown(BODY, body, ("text", "turn_id", "at_ms"))
    text, turn_id, at_ms = (body.get(key) for key in ("text", "turn_id", "at_ms"))
    if not isinstance(text, str) or not 1 <= len(text) <= LONGEST_NOTE or UNWRITABLE.search(text):
        raise BadRequest(
            zh_why=f"笔记应为 1 到 {LONGEST_NOTE} 个字，不能含无法保存的字符。",
            en_why=f"A note is 1 to {LONGEST_NOTE} characters long, all of which can be stored.",
        )
    if (
        not (turn_id is None or _is_id(turn_id))
        or not _is_id(note_id)
        or not (at_ms is None or _is_ms(at_ms))
    ):
        raise BadRequest(zh_why="笔记的位置不对。", en_why="The place of the note is not right.")
    return Note(note_id, turn_id, at_ms, text)  # type: ignore[arg-type] # both were looked at


def _is_id(value: object) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= MOST_WORD and not NOT_TEXT.search(value)


def _is_ms(value: object) -> bool:
    return type(value) is int and 0 <= value < MOST_MS


@dataclass(frozen=True, slots=True)
class Span:
    """When hearings began: from (seconds since 1970) to, exclusive; None: no bound."""

    since_s: int | None
    until_s: int | None


_QUERY = ("words", "speaker", "stage", "tag")


def query_of(body: Body) -> Query:
    """What is to be found in one hearing: any of the keys, at least one."""
    refuse_unknown(BODY, body, (*_QUERY, "from_ms", "to_ms"))
    return _query(body)


def wide_query_of(body: Body) -> tuple[Query, Span, str]:
    """What is to be found in all hearings, when they began, and behind which one to go on ("": from the first)."""
    refuse_unknown(BODY, body, (*_QUERY, "since_s", "until_s", "after"))
    with as_request():
        after = Values(BODY, body).text("after")
    return _query(body), Span(_moment(body, "since_s"), _moment(body, "until_s")), after


def _query(body: Body) -> Query:
    values = Values(BODY, body)
    with as_request():
        texts = {key: values.text(key) for key in _QUERY}
    made = Query(**texts, from_ms=_moment(body, "from_ms") or 0, to_ms=_moment(body, "to_ms"))
    if made.empty:
        raise BadRequest(
            zh_why="请输入要查找的词语，或选择发言人、阶段、标签、时间。",
            en_why="Give words to find, or choose a speaker, stage, tag or time.",
        )
    return made


def _moment(body: Body, key: str) -> int | None:
    value = body.get(key)
    with as_request():
        if value is not None and (type(value) is not int or not 0 <= value < 1 << 53):
            raise Values(BODY, body).wrong(key, "应为从 0 数起的整数。", "it must be a whole number from 0.")
    return value if isinstance(value, int) else None


def behind(hearings: Sequence[HearingSummary], after: str) -> Sequence[HearingSummary]:
    """Those of the list that follow the hearing `after`; all for "". Raises BadRequest where it is not in the list."""
    if not after:
        return hearings
    at = next((at for at, one in enumerate(hearings, 1) if one.id == after), 0)
    if not at:
        raise BadRequest(zh_why="查找已中断，请重新查找。", en_why="The search was cut off: search again.")
    return hearings[at:]


def without(body: Body, key: str) -> Body:
    """The body's other keys."""
    return {name: value for name, value in body.items() if name != key}


@contextmanager
def as_request() -> Iterator[None]:
    """A value that does not fit, said in the words of the page."""
    try:
        yield
    except BadSetting as error:
        facts = error.facts
        seat, key = facts.get("seat"), str(facts["key"])
        zh_seat, en_seat = (f"第 {seat} 个席位的", f" of seat {seat}") if seat else ("", "")
        raise BadRequest(
            zh_why=f"{zh_seat}“{LABELS.get(key, key)}”不正确：{facts['zh_why']}",
            en_why=f"{key}{en_seat} is not right: {facts['en_why']}",
        ) from error
