"""Errors of the clerk's hand on the text."""

from __future__ import annotations

from casefile.errors.base import TingjiError


class TextChanged(TingjiError):
    """The turn reads otherwise than the person saw it; nothing was changed."""

    code = "text_changed"
    zh = "这段文字刚刚被别人改动，您的修改没有写入，仍保留在编辑框中。请对照两个版本后再保存。"
    en = "Somebody has just changed this turn. Yours was not written and is still in the editor: compare both, then save."


class DutyChanged(TingjiError):
    """A colleague marked this duty otherwise meanwhile; nothing was changed."""

    code = "duty_changed"
    zh = "核对清单的这一项刚刚有人标记过，您的标记没有写入。请看过现在的状态后再标记。"
    en = "Somebody has just marked this item of the checklist, and your mark was not written. Look at it as it stands, then mark it again."


class CellChanged(TingjiError):
    """A cell of the evidence table stands otherwise than the person saw it; nothing was changed."""

    code = "cell_changed"
    zh = "证据表的这一格刚刚有了变化，您的内容没有写入。请看过现在的内容后再填。"
    en = "This cell of the evidence table has just changed, and yours was not written. Look at it as it stands, then write again."


class UnfitText(TingjiError):
    """A turn's text is empty, too long, or has no character of its own."""

    code = "unfit_text"
    zh = "发言的文字不能为空，也不能超过 {most} 个字。不需要写入笔录的内容请用“略去”，原话会保留。"
    en = "A turn's text cannot be empty or longer than {most} characters. What the record need not hold can be left out: the words stay beneath."


class NotSideBySide(TingjiError):
    """Two turns cannot be joined."""

    code = "not_side_by_side"
    zh = "这两段发言不能合并：它们不相邻、已被改动，或其中一段被隐去。没有更改任何内容。"
    en = "These turns cannot be joined: they are not neighbours, have changed, or one is held back. Nothing was changed."


class ProtectedWords(TingjiError):
    """A piece that is to be left out holds what may change the meaning."""

    code = "protected_words"
    zh = "这一处含有否定词、数字、姓名，或是自认，略去可能改变意思。确实要略去，请再按一次。"
    en = "This piece holds a negation, a number, a name, or an admission: leaving it out may change the meaning. To do so, press the key again."
