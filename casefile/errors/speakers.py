"""Errors of who spoke."""

from __future__ import annotations

from casefile.errors.base import TingjiError


class VoicesOff(TingjiError):
    """Voices cannot be told apart: the speaker models are missing or damaged, or fail."""

    code = "voices_off"
    zh = "声音区分暂不可用，录音和文字不受影响：多人共用的话筒暂只标话筒号，请由书记员指定发言人，并请技术人员重新安装庭记。"
    en = (
        "Voices cannot be told apart; sound and text go on. Turns from shared microphones show the microphone's number: "
        "give them to their speakers by hand, and have Tingji installed anew."
    )


class NoSuchSpeaker(TingjiError):
    """The seat is not in the set-up, or no turn is of this voice."""

    code = "no_such_speaker"
    zh = "没有这个席位或这个声音。请刷新页面，从现有的席位中选择。"
    en = "There is no such seat or voice. Load the page again and choose one of the seats."


class TooLittleSpeech(TingjiError):
    """Too little speech was heard to enrol a voice."""

    code = "too_little_speech"
    zh = "没有听到足够的说话声，声音没有登记。请本人对着话筒连续说几句话（不少于 3 秒），再登记一次。"
    en = "Too little speech was heard and nothing was enrolled. Have the person say a few sentences (3 seconds or more) and try again."


class SeveralVoices(TingjiError):
    """More than one person spoke while a voice was to be enrolled."""

    code = "several_voices"
    zh = "听到不止一个人说话，声音没有登记。请其他人安静，由本人单独说话，再登记一次。"
    en = "More than one person was heard and nothing was enrolled. Ask the others to be quiet and try again."


class VoiceTaken(TingjiError):
    """The voice is that of another person who is enrolled or named."""

    code = "voice_taken"
    zh = "这个声音与已登记的另一人相同或极为相似，没有登记。请核对是谁在说话；登记错了的，请先撤回那一人的登记。"
    en = (
        "This voice is that of another person who is enrolled, or very like it, and was not enrolled. Check who is "
        "speaking; if the other enrolment is wrong, withdraw it first."
    )


class VoicesNotWritten(TingjiError):
    """What a voice sounds like could not be written, or not be deleted."""

    code = "voices_not_written"
    zh = "声音特征未能写入或删除（磁盘错误 {number}）。录音和文字不受影响。请检查服务器硬盘后再操作一次。"
    en = (
        "What the voice sounds like could not be written or deleted (disk error {number}). Sound and text go on. Check the "
        "server's disk and do it again."
    )


class NoCutHere(TingjiError):
    """A turn cannot be cut before this word."""

    code = "no_cut_here"
    zh = "不能在这里拆分：请选这段发言中间的字；已更正的词语中间不能拆开。"
    en = "The turn cannot be split here: choose a word inside it, and not inside a word that was mended."


class NothingToDiarize(TingjiError):
    """The data folder holds no hearing whose record may still change."""

    code = "nothing_to_diarize"
    zh = "这个数据目录里没有尚未封存的庭审。请用 --data 选择数据目录；已封存的案卷不再更改。"
    en = "No hearing in this data folder is still unsealed. Choose the folder with --data; a sealed record is not changed any more."


class NoPyannote(TingjiError):
    """pyannote.audio or PyTorch is not installed, or does not run on this machine."""

    code = "no_pyannote"
    zh = "未安装 pyannote.audio，或它不能在本机运行（{why}）。请运行：pip install 'tingji[pyannote]'（约 7 GB）；或去掉 --backend，用自带的模型复核。"
    en = (
        "pyannote.audio is not installed or does not run here ({why}). Run: pip install 'tingji[pyannote]' (about 7 GB); "
        "or leave --backend out to look again with Tingji's own models."
    )


class NotAPipeline(TingjiError):
    """A folder does not hold a pyannote pipeline that can be loaded."""

    code = "not_a_pipeline"
    zh = (
        "这个目录中没有可用的 pyannote 流水线（{why}）。请在能上网的电脑上下载 speaker-diarization-community-1 的整个目录，"
        "拷来后用 --pipeline 指明；本机不会联网下载。"
    )
    en = (
        "There is no usable pyannote pipeline in this folder ({why}). Download the whole folder of "
        "speaker-diarization-community-1 on a machine with internet, bring it here and name it with --pipeline; nothing is fetched."
    )
