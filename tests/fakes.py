"""Hand-written fakes of the slow parts."""

import threading

from asr.transcriber import Context
from casefile.model import Mono16k, Speech, Utterance, Word


class FakeTranscriber:
    """Says how long the passage is and where it begins. `hold` stops it until set; `fail` makes it raise."""

    def __init__(self, fail: bool = False) -> None:
        self.heard: list[tuple[Speech, Context]] = []
        self.go_on = threading.Event()
        self.go_on.set()
        self.fail = fail

    def transcribe(self, speech: Speech, context: Context) -> Utterance:
        assert self.go_on.wait(30)
        self.heard.append((speech, context))
        if self.fail:
            raise RuntimeError("the model broke")
        word = Word(f"声道{speech.channel}起{speech.start_ms}。", speech.start_ms, speech.end_ms, 0.9)
        return Utterance(speech.channel, speech.start_ms, speech.end_ms, (word,))


class LoudIsSpeech:
    """A detector without a model: loud frames are speech."""

    def probability(self, frame: Mono16k) -> float:
        return 0.95 if float(abs(frame).max()) > 0.05 else 0.02
