"""Does it know the case? Names and terms with and without the lexicon, and what a foreign lexicon spoils.

  python -m bench.lexicon [--speech ../shared/speech/dev] [--half report] [--decoded FILE.json]

Utterances are chosen by rule: scored Mandarin ones in whose verified transcript jieba's tagger (a dev
dependency, used only here) finds a person, place, firm or brand (nr, ns, nt, nz) or a noun, and which is no
everyday word and not made of common words (asr/vocabulary). A seeded shuffle halves them: `tune` is for choosing thresholds, `report`
for the figures. The half is cut into "hearings" of ten utterances; the lexicon of a hearing is what its ten
transcripts name, 30 words that its papers name and nobody says, and the court's standing vocabulary.

- term error rate: occurrences of a name or term of the transcript that the text does not hold, in %: without
  lexicon, with the prompt alone, with correction alone, with both; CER beside it.
- harm: changes of the correction that put in a word which the transcript does not hold at all.
- false corrections: the same sound with a lexicon of 500 words of which none is said (drawn from jieba's rare
  names and nouns; eight draws) and the court's vocabulary: every change counts, per 1,000 characters; also words
  of it that its prompt made Whisper write, and the CER with that prompt.
`--decoded` keeps what Whisper heard, so that thresholds can be tried without decoding again.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import soundfile

from asr.correction import Change, correct
from asr.hints import prompt
from asr.lexicon import Kind, words_of_court
from asr.transcriber import PROMPTS, Context
from asr.whisper import Whisper
from bench.machine import machine
from bench.scoring import cer, plain
from bench.terms import Said, absent_words, chosen, half, lexicon_of, unsaid_words
from casefile.model import Speech, Word
from tingji.models import model_path
from tingji.settings import read_settings

HEARING, UNSAID, DRAWS = 10, 30, 8
Words = tuple[Word, ...]


def decoder(speech: Path, kept: Path | None) -> Callable[[Said, str], Words]:
    """Whisper, or what it said last time."""
    cache = json.loads(kept.read_text(encoding="utf-8")) if kept and kept.exists() else {}
    whisper: list[Whisper] = []

    def decode(said: Said, hint: str) -> Words:
        key = f"{said.file}|{hint}"
        if key not in cache:
            if not whisper:
                settings = read_settings(environ={})
                whisper.append(Whisper(model_path(settings.model, settings)))
            audio, _ = soundfile.read(str(speech / said.file), dtype="float32")
            heard = whisper[0].transcribe(Speech(0, 0, audio), Context("zh", hint))
            cache[key] = [asdict(word) for word in heard.words]
            if kept:
                kept.write_text(json.dumps(cache, ensure_ascii=False), encoding="utf-8")
        return tuple(Word(**word) for word in cache[key])

    return decode


def written(words: Sequence[Word]) -> str:
    """The words joined."""
    return "".join(word.text for word in words)


def missed(pairs: list[tuple[Said, str]], names_only: bool) -> float:
    """Percent of the occurrences of names (or of all terms) that the text does not hold."""
    wanted = lost = 0
    for said, text in pairs:
        for term in said.terms:
            if term.kind is not Kind.TERM or not names_only:
                there, here = plain(said.text).count(plain(term.text)), plain(text).count(plain(term.text))
                wanted, lost = wanted + there, lost + max(0, there - here)
    return round(100 * lost / max(1, wanted), 1)


def quality(pairs: list[tuple[Said, str]]) -> dict[str, float]:
    """Term error rate, name error rate, CER."""
    return {
        "term_error_percent": missed(pairs, names_only=False),
        "name_error_percent": missed(pairs, names_only=True),
        "cer": round(cer("".join(text for _, text in pairs), "".join(said.text for said, _ in pairs)), 4),
    }


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--speech", type=Path, default=Path("../shared/speech/dev"))
    parser.add_argument("--half", choices=("tune", "report"), default="report")
    parser.add_argument("--decoded", type=Path, help="keep what Whisper heard in this file and use it again")
    parser.add_argument("--show", action="store_true", help="print every change")
    given = parser.parse_args()
    everything = chosen(given.speech)
    said = half(everything, given.half)
    decode = decoder(given.speech, given.decoded)
    print(json.dumps(figures(said, everything, decode, given), ensure_ascii=False))


def figures(
    said: list[Said], everything: list[Said], decode: Callable[[Said, str], Words], given: argparse.Namespace
) -> dict[str, object]:
    """The line of JSON."""
    base = PROMPTS["zh"]
    unsaid = unsaid_words(everything)
    ways: dict[str, list[tuple[Said, str]]] = {"without": [], "prompt": [], "correction": [], "both": []}
    harm: dict[str, list[Change]] = {"correction": [], "both": []}
    right = {"correction": 0, "both": 0}
    for start in range(0, len(said), HEARING):
        hearing = said[start : start + HEARING]
        lexicon = lexicon_of(hearing, unsaid[3 * start : 3 * start + UNSAID])
        for one in hearing:
            for plain_way, way, hint in (
                ("without", "correction", base),
                ("prompt", "both", prompt(lexicon, base)),
            ):
                words = decode(one, hint)
                mended, changes = correct(words, lexicon)
                ways[plain_way].append((one, written(words)))
                ways[way].append((one, written(mended)))
                for change in changes:
                    good = plain(change.after) in plain(one.text)
                    right[way] += good and not change.doubt
                    harm[way] += [] if good or change.doubt else [change]
                    if given.show:
                        print(
                            "+" if good else "-",
                            way,
                            change.before,
                            change.after,
                            change.confidence,
                            "|",
                            written(words),
                            "|",
                            one.text,
                        )
    return {
        "bench": "lexicon",
        "half": given.half,
        "machine": machine(),
        "utterances": len(said),
        "of": len(everything),
        "terms": sum(len(one.terms) for one in said),
        **{name: quality(pairs) for name, pairs in ways.items()},
        "right_changes": right,
        "harmful_changes": {name: len(changes) for name, changes in harm.items()},
        "absent": absent(said, everything, decode, given.show),
    }


def absent(
    said: list[Said], everything: list[Said], decode: Callable[[Said, str], Words], show: bool
) -> dict[str, float]:
    """What a lexicon of 500 words that nobody says puts into the text."""
    base, texts = PROMPTS["zh"], "".join(one.text for one in everything)
    lexicons = [
        words_of_court().adding(absent_words(texts, seed).entries) for seed in range(100, 100 + DRAWS)
    ]
    heard = [decode(one, base) for one in said]
    found = [
        change
        for lexicon in lexicons
        for words in heard
        for change in correct(words, lexicon)[1]
        if not change.doubt
    ]
    if show:
        print("absent", *((change.before, change.after) for change in found))
    prompted = [(one, written(decode(one, prompt(lexicons[0], base)))) for one in said]
    foreign = absent_words(texts, 100).entries
    characters = sum(len(written(words)) for words in heard)
    return {
        "words": len(foreign),
        "draws": DRAWS,
        "characters": characters * DRAWS,
        "false_per_1000": round(1000 * len(found) / (characters * DRAWS), 2),
        "written_by_prompt": sum(entry.text in text for _, text in prompted for entry in foreign),
        "cer_with_its_prompt": quality(prompted)["cer"],
    }


if __name__ == "__main__":
    main()
