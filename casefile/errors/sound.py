"""Errors of microphones, recorders, recordings and disks."""

from __future__ import annotations

from casefile.errors.base import TingjiError


class NoRecorder(TingjiError):
    """No recorder is connected."""

    code = "no_recorder"
    zh = "录音程序未连接。请检查录音机是否开启，网线是否插好。"
    en = "No recorder is connected. Check that it is running and that its network cable is in."


class NoPortAudio(TingjiError):
    """PortAudio's shared library is missing."""

    code = "no_portaudio"
    zh = "缺少 PortAudio，无法使用麦克风（其他功能不受影响）。请安装：apt-get install libportaudio2"
    en = "PortAudio is missing, so live microphones cannot be used (all else works). Install it: apt-get install libportaudio2"


class NoDevice(TingjiError):
    """The named input device is not there."""

    code = "no_device"
    zh = "找不到录音设备“{name}”。现有设备：{known}。"
    en = "There is no input device named {name}. Devices: {known}."


class UnreadableSound(TingjiError):
    """A sound file cannot be decoded."""

    code = "unreadable_sound"
    zh = "无法读取声音文件：{why}。请确认是 wav、flac、mp3 或 m4a 文件。"
    en = "The sound file cannot be read: {why}. Make sure that it is wav, flac, mp3 or m4a."


PLACES = {
    "server": ("服务器", "the server"),
    "服务器": ("服务器", "the server"),
    "journal": ("录音机", "the recorder"),
}
"""The machines that hold a copy, as the clerk calls them."""


class OnDisk(TingjiError):
    """An error of one copy; `where` is a key of `PLACES` or says itself where."""

    def __init__(self, where: str, **facts: object) -> None:
        zh_where, en_where = PLACES.get(where, (where, where))
        super().__init__(where=where, zh_where=zh_where, en_where=en_where, **facts)


class DiskFull(OnDisk):
    """A disk has no room."""

    code = "disk_full"
    zh = "{zh_where}磁盘已满，录音无法写入。请立即清理磁盘或更换硬盘；另一份录音仍在继续。"
    en = (
        "The disk of {en_where} is full: sound cannot be written. Free space at once; the other copy goes on."
    )


class DiskFailed(OnDisk):
    """A disk refuses to write, for another reason than lack of room."""

    code = "disk_failed"
    zh = "{zh_where}磁盘写入失败（错误 {number}）。请立即检查硬盘和连接线并联系技术人员；另一份录音仍在继续。"
    en = "The disk of {en_where} refuses to write (error {number}). Check it, call the technician; the other copy goes on."


class DamagedRecording(OnDisk):
    """A stored block of sound does not match its digest."""

    code = "damaged_recording"
    zh = "{zh_where}第 {number} 块声音与校验值不符。"
    en = "Block {number} of {en_where} does not match its digest."


class CompressionFailed(TingjiError):
    """The compressed sound does not decode to the samples that were recorded."""

    code = "compression_failed"
    zh = "声音压缩后与原始录音不一致（{file}），案卷未封存，原始录音完好。请检查磁盘后重试。"
    en = "The compressed sound differs from the recording ({file}). Nothing is lost: check the disk, try again."


class JournalUnreadable(TingjiError):
    """The journal of the hearing that was being recorded cannot be opened."""

    code = "journal_unreadable"
    zh = "录音机上次未结束的录音无法打开（{why}），原文件已另行保留。录音机可以开始新的庭审；请联系技术人员检查磁盘。"
    en = "The recorder cannot open its unfinished recording ({why}); the files are kept aside. It can record a new hearing; have the disk checked."


LAPSED = {
    "start": (
        "“开始录音”没有执行，现在没有录音。如仍要开始，请再按一次。",
        "Start was not carried out: nothing is being recorded. Press it again if it is still wanted.",
    ),
    "pause": (
        "“暂停”没有执行，录音一直在继续。如仍要暂停，请再按一次。",
        "Pause was not carried out: recording has gone on. Press it again if it is still wanted.",
    ),
    "resume": (
        "“继续录音”没有执行，现在仍在暂停、没有录音。请立即再按一次。",
        "Resume was not carried out: the hearing is still paused and is not recorded. Press it again at once.",
    ),
}


class OrderLapsed(TingjiError):
    """A command of the clerk reached the recorder too late to be carried out; `command` is a key of `LAPSED`."""

    code = "order_lapsed"
    zh = "录音机中断过久，{zh_what}"
    en = "The recorder was away too long. {en_what}"

    def __init__(self, command: str) -> None:
        zh_what, en_what = LAPSED[command]
        super().__init__(zh_what=zh_what, en_what=en_what)


class NoClip(TingjiError):
    """The recorder gives no sound for an enrolment: it records, has no microphone, or does not answer."""

    code = "no_clip"
    zh = "录音机现在不能提供登记用的声音。请确认录音机已连接、话筒有声音、没有在录其他庭审；庭审已开始的，请从本人的发言登记。"
    en = (
        "The recorder gives no sound to enrol a voice by. Check that it is connected, hears its microphones and records "
        "no other hearing; once the hearing has begun, enrol the voice from a turn of that person."
    )
