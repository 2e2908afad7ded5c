"""Whisper by faster-whisper's CTranslate2 model. The only file that says `faster_whisper`.

One decode per passage through the model's own `generate`: no seek loop, no temperature ladder, tokens capped
by duration. The encoder's window is the speech and some padding: the full 30 s cost sixteen times the 5 s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

from asr.pieces import pieces, probabilities
from asr.suppression import Evidence, looped, suspicion, swing_db
from asr.text import written_words
from asr.transcriber import Context
from casefile.model import Speech, Utterance, Word

NEAREST = {"yue": "zh"}
"""Languages that only newer models know, and what older ones take them for."""
FULL_WINDOW = 3000
"""Feature frames (10 ms each) of Whisper's window of 30 s."""
LONGEST_PROMPT = 223
"""Tokens: half of the decoder's positions, less one."""
LONGEST_SAMPLES = 14 * 16_000
"""Of a passage (`asr.segmenter`)."""
TOGETHER = 8
"""Passages that are decoded at once where many wait: this bounds their memory."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """How hard to try: padding in feature frames behind the speech, beam width, tokens to spare."""

    padding: int
    beam: int
    spare: int = 16


FINAL = Decoding(padding=500, beam=5)
TENTATIVE = Decoding(padding=200, beam=1, spare=0)
SECOND_TRY = Decoding(padding=FULL_WINDOW, beam=5)


class Whisper:
    """A `Transcriber`. `folder` holds model.bin, config.json, tokenizer.json, vocabulary."""

    def __init__(
        self, folder: Path, threads: int = 2, device: str = "cpu", compute_type: str = "int8"
    ) -> None:
        self._whisper = WhisperModel(
            str(folder), device=device, compute_type=compute_type, cpu_threads=threads, local_files_only=True
        )
        self._model = self._whisper.model
        self._tokenizers: dict[str, Tokenizer] = {}
        self.final = FINAL

    def warm_up(self) -> None:
        """See `Transcriber`: noise as long as a passage may be, behind the longest prompt, in the full window."""
        noise = np.random.default_rng(0).normal(0, 0.05, LONGEST_SAMPLES).astype(np.float32)
        speech, tokenizer = Speech(0, 0, noise), self._tokenizer("zh")
        context = Context("zh", prompt="庭" * LONGEST_PROMPT)
        self._words(self._decode(speech, context, tokenizer, SECOND_TRY), speech, tokenizer)

    def transcribe(self, speech: Speech, context: Context) -> Utterance:
        """See `Transcriber`. A looping text is decoded again at the full window."""
        tokenizer = self._tokenizer(context.language)
        found = self._decode(speech, context, tokenizer, TENTATIVE if context.tentative else self.final)
        if context.tentative:
            return self._tentative(speech, context, found)
        return self._final(speech, context, found)

    def transcribe_all(self, passages: Sequence[Speech], context: Context) -> list[Utterance]:
        """See `PassageTranscriber`. A step of the decoder costs little more for eight passages than for one."""
        tokenizer, found = self._tokenizer(context.language), dict[int, Utterance]()
        for batch in _batches(passages):
            decoded = self._decode_together([passages[n] for n in batch], context, tokenizer, self.final)
            for number, each in zip(batch, decoded, strict=True):
                found[number] = self._final(passages[number], context, each)
        return [found[number] for number in range(len(passages))]

    def _final(self, speech: Speech, context: Context, found: _Found) -> Utterance:
        """The text of a closed passage, tried again where the first try is suspicious."""
        tokenizer = self._tokenizer(context.language)
        if looped(found.text):
            found = self._decode(speech, context, tokenizer, SECOND_TRY)
        rule = suspicion(found.text, found.evidence, context.prompt)
        if rule and context.prompt and found.evidence.voiced:
            # somebody spoke: the prompt may have drowned it, as 没有 became 李明
            again = self._decode(speech, replace(context, prompt=""), tokenizer, self.final)
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
        if suspicion(found.text, found.evidence, context.prompt):
            return Utterance(speech.channel, speech.start_ms, speech.end_ms, ())
        heard = pieces(found.tokens, found.chances, self._tokenizer(context.language).decode, speech)
        words = written_words(heard, context.language)
        return Utterance(speech.channel, speech.start_ms, speech.end_ms, words)

    def _decode(self, speech: Speech, context: Context, tokenizer: Tokenizer, how: Decoding) -> _Found:
        return self._decode_together([speech], context, tokenizer, how)[0]

    def _decode_together(
        self, passages: Sequence[Speech], context: Context, tokenizer: Tokenizer, how: Decoding
    ) -> list[_Found]:
        """Passages of one window: each encoded alone (together is slower on a CPU), then decoded together."""
        features = [self._features(speech, how.padding) for speech in passages]
        encoded = [self._encoded(padded) for padded, _ in features]
        given = tokenizer.encode(context.settled) if context.settled else []
        prompt = [*self._prompt(context, tokenizer), *given]
        cap = token_cap(_whole_seconds(features[0][1]), how.spare)
        results = self._model.generate(
            _stacked(encoded),
            [prompt] * len(passages),
            beam_size=how.beam,
            max_length=length_limit(len(prompt) - len(given), cap),
            return_scores=True,
            return_no_speech_prob=True,
            return_logits_vocab=context.tentative,
        )
        return [
            _found(speech, output, heard, result, tokenizer)
            for speech, output, (_, heard), result in zip(passages, encoded, features, results, strict=True)
        ]

    def _encoded(self, features: NDArray[np.float32]) -> Any:
        view = ctranslate2.StorageView.from_array(features[None])
        return self._model.encode(view, to_cpu=self._model.device != "cpu")

    def _prompt(self, context: Context, tokenizer: Tokenizer) -> list[int]:
        before: list[int] = []
        if context.prompt:
            before = [tokenizer.sot_prev, *tokenizer.encode(" " + context.prompt)[-LONGEST_PROMPT:]]
        return [*before, *tokenizer.sot_sequence, tokenizer.no_timestamps]

    def _features(self, speech: Speech, padding: int) -> tuple[NDArray[np.float32], int]:
        """Log-mel features of shape (mels, frames), padded with their own floor, and the frames of speech."""
        heard = self._whisper.feature_extractor(speech.audio)[:, :FULL_WINDOW]
        frames = heard.shape[1]
        window = min(FULL_WINDOW, _whole_seconds(frames + padding))
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
    chances: list[float]
    """Of each token, for tentative text."""


def _found(speech: Speech, encoded: Any, frames: int, result: Any, tokenizer: Tokenizer) -> _Found:
    tokens = [token for token in result.sequences_ids[0] if token < tokenizer.eot]
    evidence = Evidence(result.no_speech_prob, result.scores[0], speech.voicing, swing_db(speech.audio))
    chances = probabilities(tokens, result.logits[0]) if result.logits else []
    return _Found(encoded, frames, tokens, tokenizer.decode(tokens), evidence, chances)


def _whole_seconds(frames: int) -> int:
    """Frames rounded up to a second: passages that round alike share a window and a token cap."""
    return (frames + 99) // 100 * 100


def _batches(passages: Sequence[Speech]) -> Iterator[list[int]]:
    """Numbers of passages that round to the same second, at most `TOGETHER` at once."""
    seconds = [_whole_seconds(len(speech.audio) // 160 + 1) for speech in passages]
    for _, group in groupby(sorted(range(len(passages)), key=seconds.__getitem__), seconds.__getitem__):
        alike = list(group)
        yield from (alike[at : at + TOGETHER] for at in range(0, len(alike), TOGETHER))


def _stacked(encoded: Sequence[Any]) -> Any:
    """Encoder outputs of shape (1, window / 2, width) as one of shape (passages, window / 2, width)."""
    if len(encoded) == 1:
        return encoded[0]
    return ctranslate2.StorageView.from_array(np.concatenate([np.asarray(each) for each in encoded]))


def length_limit(prompt: int, cap: int) -> int:
    """The `max_length` under which CTranslate2 writes `cap` tokens: it allows the half of it at most."""
    return min(448, max(2 * cap, prompt + cap))


def token_cap(frames: int, spare: int = 16) -> int:
    """The most tokens that speech of so many 10 ms frames can hold: 14 a second and some to spare."""
    return spare + frames * 14 // 100


def _word(item: dict[str, Any], speech: Speech) -> Word:
    start = min(speech.end_ms, speech.start_ms + round(float(item["start"]) * 1000))
    end = min(speech.end_ms, speech.start_ms + round(float(item["end"]) * 1000))
    return Word(item["word"], start, max(start, end), round(float(item["probability"]), 3))
