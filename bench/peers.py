"""Peers beside us: installed each in a venv of its own, given the same weights and the same sound.

  python -m bench.peers install DIR      DIR/<peer>/venv, versions pinned (3 GB, minutes)
  python -m bench.live FILE --reference reference.json --peers DIR

Nothing in a peer is patched: options, environment and a home of its own are all that is set. At run time they
are offline (HF_HUB_OFFLINE). What is measured and how: `shown.py`; what has not come three minutes after the
last sample is lost. CPU is that of the server from the moment at which it was ready for sound until it was done
(loading the model is not counted for peers, it is for ours).

whisper_streaming (ufal) has no package in the registry; `whisper-streaming` 0.1.0 there is another author's
rework, a library without a server, in alpha: not measured.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from websockets.exceptions import WebSocketException

from bench.shown import figures
from bench.streaming import RATE, Peer, PeerFailed, stream
from bench.whisperlive import WHISPERLIVE
from bench.whisperlivekit import WHISPERLIVEKIT

PEERS = (WHISPERLIVEKIT, WHISPERLIVE)


def install(folder: Path) -> None:
    """One venv per peer; what is there already is left as it is."""
    for peer in PEERS:
        venv = folder / peer.folder / "venv"
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, *peer.requirements], check=True)
        if peer.bare:
            subprocess.run([*pip, "--no-deps", *peer.bare], check=True)


def measure(
    folder: Path,
    model: Path,
    samples: NDArray[np.int16],
    turns: Sequence[dict[str, Any]],
    speed: float,
    peers: Sequence[Peer] = PEERS,
) -> dict[str, dict[str, Any]]:
    """A row per peer, one after the other: its figures, or why there are none."""
    return {peer.name: _row(peer, folder, model, samples, turns, speed) for peer in peers}


def _row(
    peer: Peer,
    folder: Path,
    model: Path,
    samples: NDArray[np.int16],
    turns: Sequence[dict[str, Any]],
    speed: float,
) -> dict[str, Any]:
    try:
        streamed = stream(peer, folder / peer.folder, model, samples, speed)
    except (PeerFailed, OSError, WebSocketException) as error:
        return {"failed": f"{type(error).__name__}: {error}", "log": str(folder / peer.folder / "server.log")}
    seconds = len(samples) / RATE
    return {
        **figures(
            streamed.series, turns, lambda ms: streamed.began + ms / 1000 / speed, round(seconds * 1000)
        ),
        "cpu_per_audio": round(streamed.cpu_s / seconds, 3),
        "peak_memory_mib": streamed.peak_bytes >> 20,
        "finished_by_itself": streamed.ended,
    }


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["install"])
    parser.add_argument("folder", type=Path)
    install(parser.parse_args().folder.resolve())


if __name__ == "__main__":
    main()
