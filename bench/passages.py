"""A whole sound as the passages that the live pipeline hands on."""

from __future__ import annotations

from collections.abc import Iterator

from casefile.model import AudioChunk, AudioFormat, Pcm, Speech
from tingji.passages import Passages


def cut(pcm: Pcm, rate: int) -> Iterator[Speech]:
    """`pcm` of shape (frames, channels), heard in blocks of a tenth of a second."""
    form, listener, block = AudioFormat(rate, pcm.shape[1]), Passages(), rate // 10
    for at in range(0, len(pcm), block):
        yield from listener.hear(AudioChunk(form, at * 1000 // rate, pcm[at : at + block]))
    yield from listener.end()
