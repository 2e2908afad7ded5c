"""All voices of a hearing at once, when it is over: agglomerative clustering with average linkage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from diarization.embedding import Embedding
from diarization.linkage import Tell, merges, parts
from diarization.stretches import Stretch

Labels = NDArray[np.int_]
"""One label from 0 for each stretch; -1 where nothing can be said."""
ALIKE = 0.595
"""`Merge.like` below which two groups are two voices. In 18 simulated Mandarin hearings and eight English conversations
groups of one voice had 0.609 and more but for two of 1 and 2 s, of two voices 0.584 and less but for one of mixed sound;
by the mean cosine alone there were 0.007 between them."""
CLEAR_MS = 1_000
"""Stretches with less speech alone than this found no group; they join the nearest."""
LEAST_SHARE = 0.002
"""A group with a smaller share of the hearing's speech is dissolved: a cough, a door, two voices at once."""


def cluster(stretches: Sequence[Stretch], speakers: int | None = None, tell: Tell = lambda _: None) -> Labels:
    """Which stretches are one voice; labels in order of appearance.

    `speakers`: how many voices there are, if that is known. `tell` is told how much is done, 0 to 1.
    """
    labels = np.full(len(stretches), -1)
    clear = [i for i, s in enumerate(stretches) if s.embedding is not None and s.solo_ms >= CLEAR_MS]
    if not clear:
        return labels
    labels[clear] = _grouped(np.stack([_voice(stretches[i]) for i in clear]), speakers, tell)
    _dissolve(labels, stretches)
    return _in_order(_joined(labels, stretches))


def _voice(stretch: Stretch) -> Embedding:
    assert stretch.embedding is not None
    return stretch.embedding


def _grouped(voices: NDArray[np.float32], speakers: int | None, tell: Tell) -> Labels:
    tree = merges(voices, tell)
    if speakers is None:
        return parts(len(voices), [merge for merge in tree if merge.like >= ALIKE])
    return parts(len(voices), tree[: max(0, len(voices) - speakers)])


def _dissolve(labels: Labels, stretches: Sequence[Stretch]) -> None:
    """Take the label from groups that hold too little speech."""
    solo = np.array([stretch.solo_ms for stretch in stretches])
    for label in np.unique(labels[labels >= 0]):
        if solo[labels == label].sum() < LEAST_SHARE * solo.sum():
            labels[labels == label] = -1


def _joined(labels: Labels, stretches: Sequence[Stretch]) -> Labels:
    """Stretches without a label join the voice that they are most like."""
    names = np.unique(labels[labels >= 0])
    means = [
        np.mean([_voice(s) for s, m in zip(stretches, labels, strict=True) if m == n], axis=0) for n in names
    ]
    centres = np.stack([mean / np.linalg.norm(mean) for mean in means])
    joined = labels.copy()
    for i, (stretch, label) in enumerate(zip(stretches, labels, strict=True)):
        embedding = stretch.embedding
        if label < 0 and embedding is not None:
            joined[i] = names[(centres @ embedding).argmax()]
    return joined


def _in_order(labels: Labels) -> Labels:
    seen = list(dict.fromkeys(labels[labels >= 0].tolist()))
    return np.array([seen.index(label) if label >= 0 else -1 for label in labels.tolist()], np.int_)


def matched(
    labels: Labels, live: Sequence[str | None], stretches: Sequence[Stretch], fresh: Iterator[str]
) -> list[str | None]:
    """The labels of `cluster` under the names that stand on the screen: one to one, most speech in common.

    A voice that the screen does not know takes the next of `fresh`; None where nothing can be said.
    """
    names = sorted({name for name in live if name is not None})
    common = np.zeros((labels.max(initial=-1) + 1, len(names)))
    for label, name, stretch in zip(labels, live, stretches, strict=True):
        if label >= 0 and name is not None:
            common[label, names.index(name)] += stretch.ms
    rows, columns = linear_sum_assignment(common, maximize=True)
    known = {int(r): names[c] for r, c in zip(rows, columns, strict=True) if common[r, c] > 0}
    known |= {label: next(fresh) for label in range(len(common)) if label not in known}
    return [known.get(int(label)) for label in labels]
