"""Makes asr/vocabulary/common.txt from jieba's dict.txt (MIT): python scripts/common_words.py DICT_TXT

Kept: every single character, and words of two to four that are said at least 30 times in its 60 million,
without people's names. The file groups them by log10 of their share, rounded to half a step.
"""

from __future__ import annotations

import math
import re
import sys
from collections import defaultdict
from pathlib import Path

HEAD = """\
# Common Chinese words by log10 of their share of running text; made by scripts/common_words.py
# from the dictionary of jieba 0.42.1, Copyright (c) 2013 Sun Junyi, MIT licence (LICENSE-jieba.txt).
"""
HAN = re.compile("[\u4e00-\u9fff]{1,4}")
LEAST = 30


def main() -> None:
    """See the module."""
    rows = [line.split() for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    total = sum(int(count) for _, count, _ in rows)
    bands = defaultdict(list)
    for word, count, tag in rows:
        if HAN.fullmatch(word) and (len(word) == 1 or (int(count) >= LEAST and not tag.startswith("nr"))):
            bands[round(2 * math.log10(int(count) / total)) / 2].append(word)
    lines = [f"{band} {' '.join(bands[band])}" for band in sorted(bands, reverse=True)]
    out = Path(__file__).parent.parent / "asr" / "vocabulary" / "common.txt"
    out.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
