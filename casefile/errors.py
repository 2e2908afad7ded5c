"""Every error of Tingji: a code, and a sentence in both languages that says what to do next.

No transcript text, name, case number or key may go into a message.
"""

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


class ForgedEvent(TingjiError):
    """An event of the chain does not match its digest."""

    code = "forged_event"
    zh = "第 {seq} 条记录与校验值不符，案卷可能被改动。请停止使用并联系技术人员。"
    en = "Event {seq} does not match its digest: the case file may have been changed. Stop and call the technician."


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


class DiskFull(TingjiError):
    """A disk has no room."""

    code = "disk_full"
    zh = "{where}磁盘已满，录音无法写入。请立即清理磁盘或更换硬盘；另一份录音仍在继续。"
    en = "The disk of {where} is full: sound cannot be written. Free space at once; the other copy goes on."


class DamagedRecording(TingjiError):
    """A stored block of sound does not match its digest."""

    code = "damaged_recording"
    zh = "{where}第 {number} 块声音与校验值不符。"
    en = "Block {number} of the {where} does not match its digest."


class UnknownFormat(TingjiError):
    """A file was written by a version of Tingji that this one does not know."""

    code = "unknown_format"
    zh = "文件格式版本 {version} 无法识别，请升级庭记。"
    en = "Format version {version} is not known. Upgrade Tingji."


class ModelMissing(TingjiError):
    """A model's weights are not installed."""

    code = "model_missing"
    zh = "识别模型“{name}”未安装。请运行：tingji models install {name}。录音不受影响。"
    en = "Model {name} is not installed. Run: tingji models install {name}. Recording is not affected."


class ModelDamaged(TingjiError):
    """A model's file has the wrong digest."""

    code = "model_damaged"
    zh = "模型“{name}”的文件 {file} 校验值不符，拒绝加载。请重新运行：tingji models install {name}"
    en = "File {file} of model {name} has the wrong digest and will not be loaded. Run again: tingji models install {name}"


class UnknownKey(TingjiError):
    """A key in a settings or hearing file is not known."""

    code = "unknown_key"
    zh = "{file} 中有无法识别的项“{key}”。{zh_hint}"
    en = "{file} has an unknown key {key}. {en_hint}"


class NotLoopback(TingjiError):
    """The server was asked to listen beyond this machine."""

    code = "not_loopback"
    zh = "在设置账号与加密之前，只允许监听本机地址（127.0.0.1、::1），不允许 {host}。"
    en = "Until accounts and TLS exist the server listens on loopback only (127.0.0.1, ::1), not on {host}."


class CopiesDiffer(TingjiError):
    """The two copies of the sound are not the same."""

    code = "copies_differ"
    zh = "两份录音不一致：{zh_why}。两份均已保留，请联系技术人员。"
    en = "The two copies of the sound differ: {en_why}. Both are kept; call the technician."


class RecordBroken(TingjiError):
    """Verification found something that is not as it was sealed."""

    code = "record_broken"
    zh = "案卷校验未通过：{what}"
    en = "The record is not whole: {what}"
