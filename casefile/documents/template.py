"""Templates of documents: TOML files that a court can replace, checked when they are loaded (docs/templates.md)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casefile.errors import BadTemplate, UnreadableFile
from casefile.keys import NOT_TEXT, refuse_unknown
from casefile.model import HearingKind
from casefile.people.nouns import SECRET_KINDS

BUILT_IN = Path(__file__).parent / "templates"
ENDING = ".toml"
FACTS = (
    "blank", "court", "kind", "case_number", "courtroom", "secrecy", "opened", "closed", "length", "interruptions",
    "faults", "short_names", "people", "members", "files",
)  # fmt: skip
"""What `{...}` may name, besides `{role:审判长}` (or `{role:审判长|独任审判员}`): the persons of that role."""
FILLS = (
    "proceedings", "verbatim", "evidence", "corrections", "signatures", "interruptions", "channels", "faults",
    "files", "parties", "members",
)  # fmt: skip
OPTIONS = ("verbatim", "evidence", "corrections")
KEYS = ("title", "kinds", "case_words", "secret", "marked", "head", "section")
HEAD_KEYS = ("label", "value")
SECTION_KEYS = ("heading", "lines", "fill", "stages", "option", "after")
_FIELD = re.compile(r"\{([^{}]*)\}")
ROLE = "role:"


@dataclass(frozen=True, slots=True)
class Part:
    """A section: paragraphs, what fills it, paragraphs behind. `option`: only when that is asked for."""

    heading: str = ""
    lines: tuple[str, ...] = ()
    fill: str = ""
    stages: tuple[str, ...] = ()
    option: str = ""
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A document's layout. `kinds`: of which hearings it is the 笔录 (none: a paper of any hearing).

    `case_words`: it is for case numbers that hold one of these (none: any). `marked`: it holds recognized text,
    so that it carries the mark until it is signed. `secret`: for the 副卷.
    """

    name: str
    title: str
    kinds: tuple[HearingKind, ...] = ()
    case_words: tuple[str, ...] = ()
    secret: bool = False
    marked: bool = False
    head: tuple[tuple[str, str], ...] = ()
    parts: tuple[Part, ...] = field(default_factory=tuple)


def load_templates(folder: Path | None = None) -> dict[str, Template]:
    """By name, the built-in templates and those of `folder` in their place or beside them.

    Raises UnreadableFile, UnknownKey, BadTemplate: which file, which key.
    """
    files = {path.stem: path for path in _files(BUILT_IN)}
    files |= {path.stem: path for path in (_files(folder) if folder else ())}
    return {name: read_template(path) for name, path in sorted(files.items())}


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise UnreadableFile(file=folder.name, zh_why="没有这个目录", en_why="there is no such folder")
    return sorted(path for path in folder.iterdir() if path.suffix == ENDING)


def read_template(path: Path) -> Template:
    """One template, checked. Raises UnreadableFile, UnknownKey, BadTemplate."""
    if re.fullmatch(r"[a-z][a-z0-9_-]{0,40}", path.stem) is None:
        raise BadTemplate(
            file=NOT_TEXT.sub("?", path.name),
            key="文件名 / file name",
            zh_why="请用小写字母开头的英文文件名。",
            en_why="name it with small letters, digits, - and _.",
        )
    return _Reader(path.name).template(path.stem, _table(path))


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnreadableFile(file=path.name, zh_why=str(error), en_why=str(error)) from error


@dataclass(frozen=True, slots=True)
class _Reader:
    file: str

    def template(self, name: str, table: Mapping[str, Any]) -> Template:
        refuse_unknown(self.file, table, KEYS)
        made = Template(
            name,
            self._text(table, "title", needed=True),
            self._kinds(table),
            self._texts(table, "case_words"),
            self._switch(table, "secret"),
            self._switch(table, "marked"),
            tuple(self._head(row, key) for key, row in self._rows(table, "head")),
            tuple(self._part(row, key) for key, row in self._rows(table, "section")),
        )
        if not made.secret and any(kind in SECRET_KINDS for kind in made.kinds):
            self._refuse("secret", "合议、专业法官会议、审委会的笔录只入副卷，须写 secret = true。",
                         "records of meetings behind closed doors need secret = true.")  # fmt: skip
        return made

    def _head(self, row: Mapping[str, Any], key: str) -> tuple[str, str]:
        refuse_unknown(f"{self.file} {key}", row, HEAD_KEYS)
        return self._text(row, "label", needed=True), self._fields(self._text(row, "value"), f"{key}.value")

    def _part(self, row: Mapping[str, Any], key: str) -> Part:
        refuse_unknown(f"{self.file} {key}", row, SECTION_KEYS)
        fill, option = self._text(row, "fill"), self._text(row, "option")
        refuse_unknown(f"{self.file} {key}.fill", [fill] if fill else [], FILLS)
        refuse_unknown(f"{self.file} {key}.option", [option] if option else [], OPTIONS)
        lines, after = (
            tuple(self._fields(line, f"{key}.{name}") for line in self._texts(row, name))
            for name in ("lines", "after")
        )
        heading = self._fields(self._text(row, "heading"), f"{key}.heading")
        return Part(heading, lines, fill, self._texts(row, "stages"), option, after)

    def _fields(self, text: str, key: str) -> str:
        named = [name for name in _FIELD.findall(text) if not name.startswith(ROLE)]
        refuse_unknown(f"{self.file} {key}", named, FACTS)
        return text

    def _kinds(self, table: Mapping[str, Any]) -> tuple[HearingKind, ...]:
        names = self._texts(table, "kinds")
        refuse_unknown(f"{self.file} kinds", names, [kind.value for kind in HearingKind])
        return tuple(HearingKind(name) for name in names)

    def _text(self, table: Mapping[str, Any], key: str, *, needed: bool = False) -> str:
        value = table.get(key, "")
        if not isinstance(value, str) or NOT_TEXT.search(value) or (needed and not value):
            self._refuse(key, "应为一行文字。", "it must be one line of text.")
        return str(value)

    def _texts(self, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
        values = table.get(key, [])
        if not isinstance(values, list) or not all(
            isinstance(one, str) and not NOT_TEXT.search(one) for one in values
        ):
            self._refuse(key, "应为文字列表。", "it must be a list of texts.")
        return tuple(values)

    def _switch(self, table: Mapping[str, Any], key: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self._refuse(key, "应为 true 或 false。", "it must be true or false.")
        return bool(value)

    def _rows(self, table: Mapping[str, Any], key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        rows = table.get(key, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self._refuse(key, f"应写作 [[{key}]]。", f"write it as [[{key}]].")
        return ((f"[[{key}]] {number}", row) for number, row in enumerate(rows, 1))

    def _refuse(self, key: str, zh_why: str, en_why: str) -> None:
        raise BadTemplate(file=self.file, key=key, zh_why=zh_why, en_why=en_why)


def record_template(templates: Mapping[str, Template], kind: HearingKind, case_number: str) -> Template:
    """The 笔录 of this hearing: the one for such a case number, else the one for its kind. Raises KeyError: none."""
    fitting: Sequence[Template] = [one for one in templates.values() if kind in one.kinds]
    special = [one for one in fitting if any(word in case_number for word in one.case_words)]
    plain = [one for one in fitting if not one.case_words]
    return (special or plain or [templates["general"]])[0]
