"""What every error is made of, and those of any hearing."""

from __future__ import annotations


class TingjiError(Exception):
    """Base of all: `code` for programs, `zh` and `en` for people."""

    code = "error"
    zh = "出错了。"
    en = "Something went wrong."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        self.zh = type(self).zh.format(**facts)
        self.en = type(self).en.format(**facts)
        super().__init__(f"{self.code}: {self.en}")

    def as_json(self) -> dict[str, str]:
        """What goes over the wire: code and both sentences."""
        return {"code": self.code, "zh": self.zh, "en": self.en}


class NotFound(TingjiError):
    """No such hearing."""

    code = "not_found"
    zh = "找不到这次庭审。请回到列表重新选择。"
    en = "There is no such hearing. Go back to the list and choose again."


class WrongState(TingjiError):
    """The hearing is in a state in which this cannot be done."""

    code = "wrong_state"
    zh = "庭审当前状态为“{state}”，不能执行“{action}”。"
    en = "The hearing is in state {state}: {action} is not possible now."


class BadRequest(TingjiError):
    """Input that does not fit; `zh_why` and `en_why` say which and what to do."""

    code = "bad_request"
    zh = "{zh_why}"
    en = "{en_why}"


class OwnFault(TingjiError):
    """A mistake in Tingji itself, met at the command line; only its kind may be shown."""

    code = "own_fault"
    zh = "程序内部错误（{kind}）。加 --debug 重新运行可看到细节，请连同细节反馈给技术人员。"
    en = "An internal error ({kind}). Run again with --debug and give the details to the technician."
