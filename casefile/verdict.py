"""What verification can find wrong, in words."""

from __future__ import annotations

from casefile.errors.case_file import BrokenPart


def gone(file: str) -> BrokenPart:
    """A file of the record is not there."""
    return BrokenPart(file=file, zh_why="文件缺失", en_why="the file is missing")


def changed(file: str) -> BrokenPart:
    """A file does not match its digest."""
    return BrokenPart(file=file, zh_why="内容已被改动", en_why="its content was changed")


def alien(file: str) -> BrokenPart:
    """A file that was not sealed lies in the record."""
    return BrokenPart(file=file, zh_why="不属于本案卷", en_why="it does not belong to the record")


def unknown(file: str) -> BrokenPart:
    """The manifest is none that this version knows."""
    return BrokenPart(file=file, zh_why="格式无法识别，请升级庭记", en_why="unknown format: upgrade Tingji")


def unlike(file: str) -> BrokenPart:
    """A part is not what the manifest says about it."""
    return BrokenPart(file=file, zh_why="与清单不一致", en_why="it is not what the manifest says")


def undecodable(file: str) -> BrokenPart:
    """Sound cannot be decoded."""
    return BrokenPart(file=file, zh_why="声音无法解码", en_why="its sound cannot be decoded")


def broken_event(file: str, seq: int) -> BrokenPart:
    """The chain of events breaks at number `seq`."""
    why = f"event {seq} does not match its digest"
    return BrokenPart(file=file, zh_why=f"第 {seq} 条与校验值不符", en_why=why)


def broken_entry(file: str, n: int) -> BrokenPart:
    """The chain of sound breaks at entry `n`."""
    why = f"entry {n} of the sound does not match its digest"
    return BrokenPart(file=file, zh_why=f"第 {n} 条声音记录与校验值不符", en_why=why)


def foreign(file: str) -> BrokenPart:
    """A signature holds, but was made by another key than the one that was given."""
    why = "signed by another key than the court's that was given"
    return BrokenPart(file=file, zh_why="不是用所给的本院密钥签名的", en_why=why)


def not_continued(file: str) -> BrokenPart:
    """The events after sealing do not go on from the sealed record."""
    why = "it does not go on from the sealed record"
    return BrokenPart(file=file, zh_why="与封存案卷的事件不相衔接", en_why=why)


def repacked(file: str) -> BrokenPart:
    """The ZIP around the files is not as it was written."""
    return BrokenPart(
        file=file, zh_why="压缩包结构已被改动或损坏", en_why="the ZIP around the files was changed"
    )
