"""Agglomerative clustering with average linkage, exact, in memory that grows with the number of vectors only.

Of vectors of length one the mean cosine distance between the members of two groups is 1 - a·b, a and b the means of
the groups. So a group is kept as its mean, and no matrix of distances is made. Two groups that are nearest to each
other are merged by average linkage sooner or later, whatever else is merged before: so in each round all such pairs
are (reciprocal nearest neighbours; Murtagh, The Computer Journal 26(4), 1983). No merge brings a third group nearer
to either: only a group whose nearest was merged looks for another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Vectors = NDArray[np.float32]
"""Shape (vectors, size), each of length one."""
Rows = NDArray[np.int_]
BLOCK = 256
"""So many groups at a time are compared with all."""
Tell = Callable[[float], None]
"""Is told how much is done, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Merge:
    """The groups that vectors `one` and `other` are in become one group; `apart`: mean cosine distance between them.

    `like`: the mean of two likenesses, the mean cosine and the cosine of the groups' means; never more than that of
    a merge inside either group. Loose groups of many vectors have a low first, tight groups of two voices a high one.
    """

    apart: float
    like: float
    one: int
    other: int


def merges(vectors: Vectors, tell: Tell = lambda _: None) -> list[Merge]:
    """The whole tree from single vectors to one group, nearest first."""
    groups, found = _Groups(vectors), list[Merge]()
    while len(found) < len(vectors) - 1:
        found += groups.merge(*groups.pairs())
        tell(len(found) / (len(vectors) - 1))
    return sorted(found, key=lambda merge: merge.apart)


def parts(count: int, merged: list[Merge]) -> NDArray[np.int_]:
    """Which of `count` vectors are one group after these merges; from 0."""
    pairs = np.array([(merge.one, merge.other) for merge in merged], np.int_).reshape(-1, 2)
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], np.int_)


class _Groups:
    """The groups at one time, a row for each: mean, size, `like`, a vector of it, the nearest row and its likeness."""

    def __init__(self, vectors: Vectors) -> None:
        self._means = vectors.copy()
        self._sizes = np.ones(len(vectors), np.float32)
        self._like = np.ones(len(vectors), np.float32)
        self._vector = np.arange(len(vectors))
        self._nearest = np.zeros(len(vectors), np.int_)
        self._likeness = np.zeros(len(vectors), np.float32)
        self._compare(np.arange(len(vectors)))

    def pairs(self) -> tuple[Rows, Rows]:
        """Rows that are nearest to each other, each pair once; at least one pair."""
        rows = np.arange(len(self._means))
        ones = np.flatnonzero((self._nearest[self._nearest] == rows) & (rows < self._nearest))
        if not len(ones):  # equal likenesses, rounded otherwise from either side
            ones = np.array([self._likeness.argmax()])
        return ones, self._nearest[ones]

    def merge(self, ones: Rows, others: Rows) -> list[Merge]:
        """Each pair is one group from now on."""
        self._like[ones] = self._likenesses(ones, others)
        numbers = (1 - self._likeness[ones], self._like[ones], self._vector[ones], self._vector[others])
        found = zip(*(column.tolist() for column in numbers), strict=True)
        made = [Merge(apart, like, one, other) for apart, like, one, other in found]
        sizes = self._sizes[ones] + self._sizes[others]
        share = (self._sizes[ones] / sizes)[:, None]
        self._means[ones] = share * self._means[ones] + (1 - share) * self._means[others]
        self._sizes[ones] = sizes
        changed = np.isin(self._nearest, np.concatenate([ones, others]))
        changed[ones] = True
        self._drop(others, changed)
        return made

    def _likenesses(self, ones: Rows, others: Rows) -> Vectors:
        """`like` of each pair's merge."""
        mean, norms = self._likeness[ones], np.linalg.norm(self._means, axis=1)
        both = (mean + mean / np.maximum(norms[ones] * norms[others], 1e-6)) / 2
        like: Vectors = np.minimum(both, np.minimum(self._like[ones], self._like[others]))
        return like

    def _drop(self, rows: Rows, changed: NDArray[np.bool_]) -> None:
        """Without these rows; of those that `changed` the nearest is found again."""
        kept = np.ones(len(self._means), np.bool_)
        kept[rows] = False
        self._means, self._sizes, self._vector = self._means[kept], self._sizes[kept], self._vector[kept]
        self._nearest = (np.cumsum(kept) - 1)[self._nearest[kept]]
        self._likeness, self._like = self._likeness[kept], self._like[kept]
        self._compare(np.flatnonzero(changed[kept]))

    def _compare(self, rows: Rows) -> None:
        """Find the nearest of these rows."""
        for at in range(0, len(rows), BLOCK):
            mine = rows[at : at + BLOCK]
            likeness = self._means[mine] @ self._means.T
            likeness[np.arange(len(mine)), mine] = -np.inf
            self._nearest[mine] = likeness.argmax(axis=1)
            self._likeness[mine] = likeness.max(axis=1)
