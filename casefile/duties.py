"""What a trial must not forget, as the clerk marks it: the six opening duties, and what the bench has to say and ask.

Sources: 刑诉解释 art. 234, 民诉法 art. 140 (court.md H1); art. 141 to 151, 刑诉解释 art. 235 to 240, 258, 287, 304 (H2 to H7, D5).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

OPENING = {
    "present": "查明诉讼参与人到庭情况。",
    "gallery": "查明旁听人员中没有证人、鉴定人等不得旁听的人员。",
    "called": "请诉讼各方人员入庭。",
    "rules": "宣读法庭规则。",
    "judges": "请审判人员入庭。",
    "ready": "报告审判长：庭前准备工作已经就绪。",
}
"""The clerk's duties before the opening, in their lawful order, by id: what the record says of each.

The words name nobody who is not in every case: they stand on the record of a civil hearing and of a criminal one.
"""
OTHERS = {
    "rights": "告知诉讼权利义务",
    "recusal": "询问回避意见",
    "plea_told": "告知认罪认罚的规定与后果",
    "plea_free": "核实认罪认罚的自愿性",
    "plea_lawyer": "核实具结书签署时律师在场",
    "pledge": "作证前宣读保证书",
    "last": "听取最后意见",
    "appeal": "告知上诉权",
    "term": "告知上诉期限",
    "court": "告知上诉法院",
}
"""Those that the words of the record tell (`web/static/checklist.js` finds them), by id: what a mark on them is called."""


class DutyState(StrEnum):
    """What a person says of a duty; NOT_DONE: whatever the words say. HEARD: the words of the record count (again)."""

    DONE = "done"
    NOT_DONE = "not_done"
    NOT_APPLICABLE = "na"
    HEARD = "heard"


_STATES = {DutyState.DONE: "已办", DutyState.NOT_DONE: "未办", DutyState.NOT_APPLICABLE: "不适用"}


@dataclass(frozen=True, slots=True)
class DutyMark:
    """A person marked a duty at `at_ms`, which a person had marked as `before` (HEARD: nobody had).

    `of`: the party whom it concerns, "" for none. `note`: why it does not apply; never empty for NOT_APPLICABLE
    since the pages ask for it, "" in older records.
    """

    duty: str
    of: str
    state: DutyState
    at_ms: int
    note: str = ""
    before: DutyState = DutyState.HEARD

    @property
    def place(self) -> tuple[str, str]:
        """The line of the checklist."""
        return self.duty, self.of

    @property
    def said(self) -> str:
        """What the record says of it."""
        if self.duty in OPENING and self.state is DutyState.DONE:
            return OPENING[self.duty]
        name = OPENING.get(self.duty, "").rstrip("。") or OTHERS.get(self.duty, self.duty)
        party = f"（{self.of}）" if self.of else ""
        return f"{name}{party}：{_STATES[self.state]}{f'，{self.note}' if self.note else ''}。"
