"""WhisperLive: its server, its websocket and what its client keeps.

A message holds the last ten completed segments and the provisional one. As in its own client, a completed
segment is kept when it starts after the end of the last one kept. The VAD is faster-whisper's own (bundled).
Its package wants PyAudio, OpenVINO and CUDA libraries for things that are not used here, so it is installed
without dependencies and those of the server are named. Sound is never ended while it works: its client waits
until nothing new came for 15 seconds, and so do we (`END_OF_AUDIO` makes the server drop what it has not done).
"""

from __future__ import annotations

from pathlib import Path

from bench.streaming import Message, Peer, Screen

_SERVER = (
    "import sys; from whisper_live.server import TranscriptionServer; "
    "TranscriptionServer().run('127.0.0.1', port=int(sys.argv[1]), backend='faster_whisper', "
    "faster_whisper_custom_model_path=sys.argv[2], max_connection_time=36000)"
)


def command(python: Path, model: Path, port: int) -> list[str]:
    """The server of the package (its start script is not in the wheel)."""
    return [str(python), "-c", _SERVER, str(port), str(model)]


class Segments:
    """Completed segments so far; times are strings of seconds."""

    def __init__(self) -> None:
        self.kept: list[Message] = []

    def take(self, message: Message) -> Screen | None:
        """Committed and tentative text after this message; None for a message without text."""
        if "segments" not in message:
            return None
        for segment in message["segments"]:
            if segment.get("completed") and self._is_new(segment):
                self.kept.append(segment)
        last = message["segments"][-1] if message["segments"] else {}
        tentative = "" if last.get("completed", True) else last["text"]
        return "".join(segment["text"] for segment in self.kept), tentative

    def _is_new(self, segment: Message) -> bool:
        return not self.kept or float(segment["start"]) >= float(self.kept[-1]["end"])


WHISPERLIVE = Peer(
    name="WhisperLive 0.10.0",
    folder="whisperlive",
    requirements=(
        *("torch==2.13.0", "faster-whisper==1.2.0", "tokenizers==0.20.3"),
        *("fastapi==0.165.0", "uvicorn==0.54.0", "websockets==17.4"),
    ),
    bare=("whisper-live==0.10.0",),
    command=command,
    path="/",
    hello={
        **{"uid": "bench", "language": "zh", "task": "transcribe", "model": "base", "use_vad": True},
        **{"send_last_n_segments": 10, "no_speech_thresh": 0.45, "clip_audio": False},
        **{"same_output_threshold": 10, "audio_format": "int16"},
    },
    ready=lambda message: message.get("message") == "SERVER_READY",
    over=lambda message: message.get("message") == "DISCONNECT",
    reader=Segments,
    bye=b"END_OF_AUDIO",
    patience_s=15.0,
)
