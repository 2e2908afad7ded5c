"""What verification can find wrong, in words."""

from __future__ import annotations

from casefile.errors import BrokenPart


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
