"""Whisper by faster-whisper's CTranslate2 model. The only file that says `faster_whisper`.

One decode per passage through the model's own `generate`: no seek loop, no temperature ladder, tokens capped
by duration. The encoder's window is the speech and some padding: the full 30 s cost sixteen times the 5 s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

from asr.suppression import Evidence, looped, suspicion, swing_db
from asr.text import written, written_words
from asr.transcriber import Context
from casefile.model import Speech, Utterance, Word

NEAREST = {"yue": "zh"}
"""Languages that only newer models know, and what older ones take them for."""
FULL_WINDOW = 3000
"""Feature frames (10 ms each) of Whisper's window of 30 s."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """How hard to try: padding in feature frames behind the speech, beam width."""

    padding: int
    beam: int


FINAL = Decoding(padding=1000, beam=5)
TENTATIVE = Decoding(padding=200, beam=1)
SECOND_TRY = Decoding(padding=FULL_WINDOW, beam=5)


class Whisper:
    """A `Transcriber`. `folder` holds model.bin, config.json, tokenizer.json, vocabulary.

    `workers` decodings go on at once, each with `threads` threads: the weights are in memory once.
    """

    def __init__(
        self,
        folder: Path,
        threads: int = 2,
        workers: int = 1,
        device: str = "cpu",
        compute_type: str = "int8",
    ) -> None:
        self._whisper = WhisperModel(
            str(folder),
            device=device,
            compute_type=compute_type,
            cpu_threads=threads,
            num_workers=workers,
            local_files_only=True,
        )
        self._model = self._whisper.model
        self._tokenizers: dict[str, Tokenizer] = {}

    def transcribe(self, speech: Speech, context: Context) -> Utterance:
        """See `Transcriber`. A looping text is decoded again at the full window."""
        tokenizer = self._tokenizer(context.language)
        found = self._decode(speech, context, tokenizer, TENTATIVE if context.tentative else FINAL)
        if context.tentative:
            return self._tentative(speech, context, found)
        if looped(found.text):
            found = self._decode(speech, context, tokenizer, SECOND_TRY)
        rule = suspicion(found.text, found.evidence, context.prompt)
        if rule and context.prompt and found.evidence.voiced:
            # somebody spoke: the prompt may have drowned it, as 没有 became 李明
            again = self._decode(speech, replace(context, prompt=""), tokenizer, FINAL)
            if again.evidence.mean_log_probability > -1 and not suspicion(again.text, again.evidence):
                found, rule = again, None
        words = written_words(self._words(found, speech, tokenizer), context.language)
        return Utterance(speech.channel, speech.start_ms, speech.end_ms, words, rule)

    def _tokenizer(self, language: str) -> Tokenizer:
        if language not in self._tokenizers:
            known = self._whisper.hf_tokenizer.token_to_id(f"<|{language}|>") is not None
            self._tokenizers[language] = Tokenizer(
                self._whisper.hf_tokenizer,
                self._model.is_multilingual,
                task="transcribe",
                language=language if known else NEAREST.get(language, language),
            )
        return self._tokenizers[language]

    def _tentative(self, speech: Speech, context: Context, found: _Found) -> Utterance:
        text = written(found.text, context.language)
        if not text or suspicion(text, found.evidence, context.prompt):
            return Utterance(speech.channel, speech.start_ms, speech.end_ms, ())
        word = Word(text, speech.start_ms, speech.end_ms, 0.0)
        return Utterance(speech.channel, speech.start_ms, speech.end_ms, (word,))

    def _decode(self, speech: Speech, context: Context, tokenizer: Tokenizer, how: Decoding) -> _Found:
        features, frames = self._features(speech, how.padding)
        encoded = self._model.encode(ctranslate2.StorageView.from_array(features[None]))
        given = tokenizer.encode(context.settled) if context.settled else []
        prompt = [*self._prompt(context, tokenizer), *given]
        result = self._model.generate(
            encoded,
            [prompt],
            beam_size=how.beam,
            max_length=min(448, len(prompt) - len(given) + token_cap(frames)),
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        tokens = [token for token in result.sequences_ids[0] if token < tokenizer.eot]
        evidence = Evidence(result.no_speech_prob, result.scores[0], speech.voicing, swing_db(speech.audio))
        return _Found(encoded, frames, tokens, tokenizer.decode(tokens), evidence)

    def _prompt(self, context: Context, tokenizer: Tokenizer) -> list[int]:
        before: list[int] = []
        if context.prompt:
            before = [tokenizer.sot_prev, *tokenizer.encode(" " + context.prompt)[-223:]]
        return [*before, *tokenizer.sot_sequence, tokenizer.no_timestamps]

    def _features(self, speech: Speech, padding: int) -> tuple[NDArray[np.float32], int]:
        """Log-mel features of shape (mels, frames), padded with their own floor, and the frames of speech."""
        heard = self._whisper.feature_extractor(speech.audio)[:, :FULL_WINDOW]
        frames = heard.shape[1]
        window = min(FULL_WINDOW, (frames + padding + 99) // 100 * 100)
        padded = np.full((heard.shape[0], window), heard.min(), np.float32)
        padded[:, :frames] = heard
        return padded, frames

    def _words(self, found: _Found, speech: Speech, tokenizer: Tokenizer) -> list[Word]:
        """Words with times by the alignment heads' cross-attention (dynamic time warping)."""
        if not found.tokens:
            return []
        aligned = self._whisper.find_alignment(tokenizer, [found.tokens], found.encoded, found.frames)[0]
        return [_word(item, speech) for item in aligned if item["word"] and "\ufffd" not in item["word"]]


@dataclass(frozen=True, slots=True)
class _Found:
    encoded: Any
    frames: int
    tokens: list[int]
    text: str
    evidence: Evidence


def token_cap(frames: int) -> int:
    """The most tokens that speech of so many 10 ms frames can hold: 14 a second and a few."""
    return 16 + frames * 14 // 100


def _word(item: dict[str, Any], speech: Speech) -> Word:
    start = min(speech.end_ms, speech.start_ms + round(float(item["start"]) * 1000))
    end = min(speech.end_ms, speech.start_ms + round(float(item["end"]) * 1000))
    return Word(item["word"], start, max(start, end), round(float(item["probability"]), 3))
