"""The words that a paper of the case brings, read in a process of its own with limits of time and memory.

A paper comes from a party: neither a packed bomb nor a broken file may slow the recording down. The process is
`python -m tingji.papers .pdf`: the paper on its standard input; the words, or an error's code, on its output.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from threading import Lock
from typing import Any

from asr.lexicon import court_words
from casefile.errors import (
    DocumentTooBig,
    DocumentTooSlow,
    DocumentWithoutText,
    TingjiError,
    UnknownDocument,
    UnreadableDocument,
)
from casefile.events import from_json, to_json
from casefile.model import CaseWord, WordKind, WordSource
from tingji.case_documents import LARGEST, document_entries

PATIENCE_S = 60
MOST_MEMORY = 2 << 30
"""Bytes of address space that the reading process may take."""
ENDINGS = (".docx", ".pdf", ".txt")
_REFUSALS: dict[str, type[TingjiError]] = {
    error.code: error for error in (DocumentWithoutText, UnknownDocument, UnreadableDocument)
}
_one_at_a_time = Lock()


def words_of_paper(ending: str, content: bytes) -> tuple[CaseWord, ...]:
    """What the paper names: persons, firms, places, case numbers, terms. Blocking, up to a minute.

    Raises UnknownDocument, DocumentTooBig, UnreadableDocument, DocumentWithoutText, or DocumentTooSlow where
    reading took too long or too much memory.
    """
    if len(content) > LARGEST:
        raise DocumentTooBig(megabytes=LARGEST // 1_000_000)
    answer = _ask(ending, content)
    if "error" in answer:
        raise refusal(answer["error"])
    words: tuple[CaseWord, ...] = from_json(tuple[CaseWord, ...], answer["words"])
    return words


def refusal(code: str) -> TingjiError:
    """The error of this code; of one that is not known, DocumentTooSlow."""
    if code == DocumentTooBig.code:
        return DocumentTooBig(megabytes=LARGEST // 1_000_000)
    return _REFUSALS.get(code, DocumentTooSlow)()


def _ask(ending: str, content: bytes) -> dict[str, Any]:
    command = [sys.executable, "-m", "tingji.papers", ending]
    try:
        with _one_at_a_time:
            done = subprocess.run(  # noqa: S603 - our own program; the ending is one word of the command
                command, input=content, capture_output=True, timeout=PATIENCE_S, check=True
            )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError):
        raise DocumentTooSlow from None  # the cause may quote the paper
    return answer


def read(ending: str, content: bytes) -> dict[str, Any]:
    """The answer of the reading process: without sums and dates, and without what every court says."""
    try:
        entries = document_entries(f"paper{ending}", content)
    except TingjiError as error:
        return {"error": error.code}
    kinds, standing = set(WordKind), court_words()
    named = [entry for entry in entries if entry.kind.value in kinds and entry.text not in standing]
    return {"words": [to_json(CaseWord(e.text, WordKind(e.kind), WordSource.PAPERS)) for e in named]}


def main() -> None:
    """The reading process: gentle to the recording beside it, and dead before it takes the machine."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE_S, PATIENCE_S))
    answer = read(sys.argv[1], sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
