"""The `{...}` of a template: what the record knows, a blank where it knows nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from casefile.documents.document import BLANK
from casefile.documents.material import Material, full_name, short_names
from casefile.documents.template import ROLE
from casefile.explaining import faults
from casefile.export.wording import hours, moment, one_line

_FIELD = re.compile(r"\{([^{}]*)\}")


def filled(text: str, material: Material) -> str:
    """`text` with every field in its place; text from outside stays on one line and is not filled again."""
    return _FIELD.sub(lambda found: _value(found[1], material) or BLANK, text)


def _value(name: str, material: Material) -> str:
    if name.startswith(ROLE):
        return _persons(material, name[len(ROLE) :].split("|"))
    return one_line(_FACTS[name](material))


def _persons(material: Material, roles: list[str]) -> str:
    seats = material.record.hearing.seats
    return "、".join(one_line(seat.person) for seat in seats if seat.role in roles and seat.person.strip())


def _interruptions(material: Material) -> str:
    record = material.record
    lawful, others = len(record.pauses), len(faults(record))
    return f"{lawful + others} 次（依法中断 {lawful} 次，设备或技术原因 {others} 次）"


def _short_names(material: Material) -> str:
    shorts = short_names(material.record)
    return "；".join(
        f"{full_name(seat)}（简称“{shorts[seat.id]}”）" for seat in material.record.hearing.seats
    )


def _people(material: Material) -> str:
    return "；".join(full_name(seat) for seat in material.record.hearing.seats)


def _members(material: Material) -> str:
    roles = ("主持人", "委员", "审判长", "审判员", "人民陪审员")
    persons = [seat for seat in material.record.hearing.seats if seat.role in roles]
    return f"{len(persons)} 人" if persons else ""


def _files(material: Material) -> str:
    return f"{len(material.manifest.files)} 个" if material.manifest else ""


_FACTS: Mapping[str, Callable[[Material], str]] = {
    "blank": lambda material: "",
    "court": lambda material: material.court,
    "kind": lambda material: material.record.hearing.kind.value,
    "case_number": lambda material: material.record.hearing.case_number,
    "courtroom": lambda material: material.record.hearing.courtroom,
    "secrecy": lambda material: material.record.hearing.secrecy.value,
    "opened": lambda material: moment(material.record.opened_at),
    "closed": lambda material: moment(material.record.closed_at),
    "length": lambda material: hours(material.record.length_ms),
    "interruptions": _interruptions,
    "faults": lambda material: f"{len(faults(material.record))} 处",
    "short_names": _short_names,
    "people": _people,
    "members": _members,
    "files": _files,
}
