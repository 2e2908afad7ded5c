"""The seam to a recognizer: a better engine is one more file with one class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from casefile.model import Speech, Utterance

PROMPTS = {"zh": "以下是普通话的句子，这是一段庭审记录。"}
"""Sets script and punctuation; a text is never carried over from one passage to the next."""


@dataclass(frozen=True, slots=True)
class Context:
    """What is known besides the sound. `tentative`: the passage is still open, so be quick.

    `language` is a Whisper code (zh, en, …). `settled`: the beginning of a tentative text that stands.
    """

    language: str = "zh"
    prompt: str = PROMPTS["zh"]
    tentative: bool = False
    settled: str = ""

    @classmethod
    def of(cls, language: str) -> Context:
        """What is known of any hearing in this language."""
        return cls(language, PROMPTS.get(language, ""))


class Transcriber(Protocol):
    """Recognizes one passage. Not thread-safe: `tingji.engine` gives each its own thread."""

    def warm_up(self) -> None:
        """Takes the memory that the longest passage needs, now: from then on it is flat."""

    def transcribe(self, speech: Speech, context: Context) -> Utterance:
        """The words of the passage with their times (for tentative text: one word holding all of it)."""


class PassageTranscriber(Transcriber, Protocol):
    """A recognizer that is faster with many closed passages at once."""

    def transcribe_all(self, passages: Sequence[Speech], context: Context) -> list[Utterance]:
        """For each passage the very text that `transcribe` finds for it."""
