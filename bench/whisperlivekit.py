"""WhisperLiveKit: its server, its websocket and what its page shows.

Each message is the whole state: `lines` (committed) and `buffer_transcription` (tentative, grey on its page).
Silences are lines without text. Its VAD comes with it (`silero_vad.jit`); `--warmup-file ""` leaves out a
warm-up file that it would download.
"""

from __future__ import annotations

from pathlib import Path

from bench.streaming import Message, Peer, Screen


def command(python: Path, model: Path, port: int) -> list[str]:
    """Loopback, Chinese, raw samples, our weights; the rest as it comes."""
    return [
        *(str(python.with_name("wlk")), "--host", "127.0.0.1", "--port", str(port)),
        *("--backend", "faster-whisper", "--backend-policy", "localagreement"),
        *("--model-path", str(model), "--language", "zh", "--pcm-input", "--warmup-file", ""),
        *("--log-level", "WARNING"),
    ]


class State:
    """The page: every message replaces it."""

    def take(self, message: Message) -> Screen | None:
        """Committed and tentative text after this message; None for a message without text."""
        if "lines" not in message:
            return None
        committed = "".join(line["text"] for line in message["lines"] if line["text"])
        return committed, message.get("buffer_transcription", "")


WHISPERLIVEKIT = Peer(
    name="WhisperLiveKit 0.2.26 (LocalAgreement)",
    folder="whisperlivekit",
    requirements=("torch==2.13.0", "whisperlivekit==0.2.26", "faster-whisper==1.2.1"),
    command=command,
    path="/asr",
    ready=lambda message: message.get("type") == "config",
    over=lambda message: message.get("type") == "ready_to_stop",
    reader=State,
    bye=b"",
)
