"""Tokens to pieces of text with their probability: what a calm live text is made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from casefile.model import Speech, Word


def probabilities(tokens: Sequence[int], logits: Sequence[Any]) -> list[float]:
    """The probability of each token under its step's logits over the vocabulary (arrays of shape (vocabulary,))."""
    return [
        _softmax_at(np.asarray(step).reshape(-1), token) for token, step in zip(tokens, logits, strict=False)
    ]


def pieces(
    tokens: Sequence[int], chances: Sequence[float], decode: Callable[[list[int]], str], speech: Speech
) -> list[Word]:
    """Runs of tokens that `decode` to whole characters, each with the least probability of its tokens.

    Their times are those of the passage. A character that the end of the tokens has cut is left out.
    """
    found, run, least = list[Word](), list[int](), 1.0
    for token, chance in zip(tokens, chances, strict=True):
        run.append(token)
        least = min(least, chance)
        text = decode(run)
        if "\ufffd" not in text:
            found.append(Word(text, speech.start_ms, speech.end_ms, round(least, 3)))
            run, least = [], 1.0
    return found


def _softmax_at(logits: np.ndarray[Any, np.dtype[np.float32]], token: int) -> float:
    return float(1 / np.exp(logits - logits[token]).sum())
