"""What a voice sounds like: CAM++ embeddings of Kaldi filter banks."""

from __future__ import annotations

import kaldi_native_fbank as knf
import numpy as np
from numpy.typing import NDArray

from casefile.model import Mono16k
from diarization.inference import session

Features = NDArray[np.float32]
"""80-band log mel filter bank, shape (frames, 80); frame i begins at i * 10 ms and lasts 25 ms."""
Embedding = NDArray[np.float32]
"""A voice as a vector of length one, shape (192,); the dot product of two of them is their likeness."""
FRAME_MS = 10
LEAST_FRAMES = 20
"""0.2 s: shorter sound says nothing about a voice."""


def filter_bank(sound: Mono16k) -> Features:
    """Kaldi's 80-band filter bank (25 ms every 10 ms, no dither), not normalised. Empty under 25 ms."""
    options = knf.FbankOptions()
    options.frame_opts.dither = 0.0
    options.mel_opts.num_bins = 80
    bank = knf.OnlineFbank(options)
    bank.accept_waveform(16_000, sound.tolist())
    bank.input_finished()
    frames = [bank.get_frame(i) for i in range(bank.num_frames_ready)]
    return np.array(frames, np.float32).reshape(-1, 80)


class VoiceModel:
    """CAM++ (Wang et al., Interspeech 2023, arXiv:2303.00332), trained on 200,000 Mandarin and English voices.

    One may serve all hearings: it keeps nothing between calls.
    """

    def __init__(self) -> None:
        self._session = session("campplus-zh-en")

    def embed(self, sound: Mono16k) -> Embedding:
        """The voice in `sound`, which holds one speaker. Raises ValueError under 0.2 s."""
        return self.embed_features(filter_bank(sound))

    def embed_features(self, features: Features) -> Embedding:
        """The voice in these frames, which need not be neighbours. Raises ValueError under 20 frames."""
        if len(features) < LEAST_FRAMES:
            raise ValueError(f"a voice needs {LEAST_FRAMES} frames, not {len(features)}")
        normalised = features - features.mean(axis=0)
        raw = self._session.run(None, {"features": normalised[None]})[0][0]
        vector: Embedding = (raw / np.linalg.norm(raw)).astype(np.float32)
        return vector
