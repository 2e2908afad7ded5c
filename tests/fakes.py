"""Hand-written fakes of the slow parts."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from asr.transcriber import Context
from casefile.errors import NoRecorder
from casefile.model import Mono16k, PauseReason, Speech, Utterance, Word


class FakeTranscriber:
    """Says how long the passage is and where it begins. `hold` stops it until set; `fail` makes it raise."""

    def __init__(self, fail: bool = False) -> None:
        self.heard: list[tuple[Speech, Context]] = []
        self.go_on = threading.Event()
        self.go_on.set()
        self.fail = fail
        self.warmed = 0

    def warm_up(self) -> None:
        self.warmed += 1
        if self.fail:
            raise RuntimeError("the model broke")

    def transcribe(self, speech: Speech, context: Context) -> Utterance:
        assert self.go_on.wait(30)
        self.heard.append((speech, context))
        if self.fail:
            raise RuntimeError("the model broke")
        word = Word(f"声道{speech.channel}起{speech.start_ms}。", speech.start_ms, speech.end_ms, 0.9)
        return Utterance(speech.channel, speech.start_ms, speech.end_ms, (word,))

    def transcribe_all(self, passages: Sequence[Speech], context: Context) -> list[Utterance]:
        return [self.transcribe(speech, context) for speech in passages]


class LoudIsSpeech:
    """A detector without a model: loud frames are speech."""

    def probability(self, frame: Mono16k) -> float:
        return 0.95 if float(abs(frame).max()) > 0.05 else 0.02


@dataclass(frozen=True, slots=True)
class FakeRecorderState:
    """A recorder that is connected."""

    name: str
    hearing: str | None


class FakeIngest:
    """The recorders' side: remembers commands; `away`: nobody is there."""

    def __init__(self) -> None:
        self.commands: list[tuple[str, str]] = []
        self.left: list[str] = []
        self.away = False
        self.hearing: str | None = None
        self.whole_again: tuple[int, ...] = ()
        self.on_repair: Callable[[tuple[int, ...]], None] = lambda _broken: None
        self.on_check: Callable[[str], None] = lambda _hearing_id: None

    def recorders(self) -> list[FakeRecorderState]:
        return [] if self.away else [FakeRecorderState("r", self.hearing)]

    def _command(self, name: str, hearing_id: str) -> None:
        if self.away:
            raise NoRecorder
        self.commands.append((name, hearing_id))

    def start(self, hearing_id: str, recorder: str | None = None) -> None:
        self._command("start", hearing_id)

    def pause(self, hearing_id: str, reason: PauseReason) -> None:
        self._command("pause", hearing_id)

    def resume(self, hearing_id: str) -> None:
        self._command("resume", hearing_id)

    def close(self, hearing_id: str) -> None:
        self._command("close", hearing_id)

    def given_up(self, hearing_id: str) -> None:
        self.left.append(hearing_id)

    def check(self, hearing_id: str) -> None:
        self._command("check", hearing_id)
        self.on_check(hearing_id)

    def release(self, hearing_id: str) -> None:
        self._command("release", hearing_id)

    def repair(self, hearing_id: str, broken: Sequence[int]) -> None:
        self._command("repair", hearing_id)
        self.on_repair(tuple(broken))

    def repaired(self, hearing_id: str) -> tuple[int, ...]:
        return self.whole_again
