"""Errors of reading, correcting and signing."""

from __future__ import annotations

from casefile.errors.base import NotFound, TingjiError


class RecordChanged(TingjiError):
    """The record reads otherwise than it was read; nothing was signed."""

    code = "record_changed"
    zh = "您阅读之后，笔录有改动，签字没有写入。改动之处已标出，请看过后再签字。"
    en = "The record has changed since you read it, and nothing was signed. What changed is marked: read it, then sign."


class OthersFirst(TingjiError):
    """The lawful order: participants, judges, the presiding judge, the clerk."""

    code = "others_first"
    zh = "还没有轮到您签字：依次为诉讼参与人、审判人员、审判长、书记员。还有 {count} 人应在您之前签字。"
    en = "It is not your turn to sign: participants first, then judges, the presiding judge, the clerk. {count} still come before you."


class RequestsOpen(TingjiError):
    """A correction that was asked for is not decided."""

    code = "requests_open"
    zh = "还有 {count} 项补正申请没有处理，处理后才能签字。"
    en = "{count} requests for corrections are not decided yet. Sign when they are."


class NotReadYet(TingjiError):
    """Signed without having read to the end."""

    code = "not_read"
    zh = "请先读到末尾并确认已阅读，再签字。"
    en = "Read to the end and confirm it first, then sign."


class NotOverdue(TingjiError):
    """Only who has let the time pass is signed past."""

    code = "not_overdue"
    zh = "该签字人的期限未到，不能注明逾期未签。请等候，或由其本人签字、拒签。"
    en = (
        "This person's time is not over: no overdue signature can be noted. Wait, or let them sign or refuse."
    )


class NotTheirOwn(TingjiError):
    """A party in a civil case may have its own statements corrected (民诉法 art. 150)."""

    code = "not_their_own"
    zh = "申请补正的不是申请人自己的陈述。确实要准予，请写明理由后再确认。"
    en = "This is not the applicant's own statement. To grant it all the same, give a reason and confirm."


class DecidedAlready(TingjiError):
    """A request is decided once."""

    code = "decided_already"
    zh = "这项补正申请已经处理过，没有更改。请看现在的处理结果。"
    en = "This request has been decided already; nothing was changed. Look at the decision as it stands."


class SignedAlready(TingjiError):
    """The signature stands, and covers the record."""

    code = "signed_already"
    zh = "该签字人已经签字或注明拒签，没有更改。"
    en = "This person has signed, or refused to, already; nothing was changed."


class NoSuchSignatory(NotFound):
    """Nobody of this kind is to sign, or not any more."""

    zh = "您不在此次庭审的签字人之列，或已被移出。请向书记员询问。"
    en = "You are not, or no longer, among those who sign this record. Ask the clerk."


class NoSuchRequest(NotFound):
    """The request for a correction is not there."""

    zh = "找不到这项补正申请。请刷新页面。"
    en = "There is no such request. Load the page again."


class UnfitSignature(TingjiError):
    """What came is no signature as the law asks for it."""

    code = "unfit_signature"
    zh = "签字不完整：请在签名处手写姓名；捺印请上传清楚的图片。刑事被告人须签名并捺印。"
    en = "The signature is not whole: write your name in the field; a fingerprint is a clear picture. An accused signs and gives a fingerprint."


class MustSign(TingjiError):
    """Judges and clerks do not refuse."""

    code = "must_sign"
    zh = "审判人员和书记员不能拒签。对笔录有意见，请先申请补正。"
    en = "Judges and clerks cannot refuse. If the record is not right, ask for a correction first."


class NeedsReason(TingjiError):
    """A refusal has its reason."""

    code = "needs_reason"
    zh = "请写明理由，理由将附入笔录。"
    en = "Give a reason: it goes on the record."


class TooManyRequests(TingjiError):
    """More than anybody reads."""

    code = "too_many_requests"
    zh = "您的补正申请已达 {most} 项。请当庭向书记员说明其余内容。"
    en = "You have asked for {most} corrections. Tell the clerk the rest in person."
