"""diarization.linkage: the tree of average linkage without a matrix of distances, beside that of scipy."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage

from diarization.linkage import Vectors, merges, parts


def voices(count: int, people: int, seed: int, noise: float = 0.06) -> Vectors:
    """So many vectors of length one, about so many directions."""
    random = np.random.default_rng(seed)
    found = np.eye(192)[random.integers(people, size=count)] + random.normal(0, noise, (count, 192))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize(("noise", "seed"), [(0.03, 1), (0.06, 2), (0.1, 3), (1.0, 4)])
def test_the_tree_is_that_of_the_whole_matrix(noise: float, seed: int) -> None:
    its = voices(500, 7, seed, noise)
    wanted, found = linkage(its, method="average", metric="cosine"), merges(its)
    assert np.allclose([merge.apart for merge in found], wanted[:, 2], atol=1e-5)
    for apart in (0.3, 0.45, 0.6, 0.9):
        same = fcluster(wanted, apart, criterion="distance")
        mine = parts(500, [merge for merge in found if merge.apart <= apart])
        assert len(set(zip(same, mine, strict=True))) == len(set(same)) == len(set(mine))


def test_the_same_sound_again_and_again_is_one_group() -> None:
    its = np.repeat(voices(5, 5, 6), 40, axis=0)
    assert len(set(parts(200, [merge for merge in merges(its) if merge.apart < 1e-5]).tolist())) == len(
        np.unique(its, axis=0)
    )


def test_few_or_no_vectors() -> None:
    assert merges(voices(1, 1, 1)) == []
    assert parts(1, []).tolist() == [0]
    assert len(merges(voices(2, 2, 1))) == 1


def test_memory_is_far_below_that_of_a_matrix() -> None:
    its = voices(3_000, 12, 1)
    tracemalloc.start()
    merges(its)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000 * 2_999 / 2 * 8 / 2


def test_it_tells_how_far_it_is() -> None:
    told: list[float] = []
    merges(voices(300, 4, 1), told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 3


def test_how_like_two_groups_are_is_by_both_measures_and_never_more_than_inside_them() -> None:
    its = voices(40, 3, 7)
    groups = {number: [number] for number in range(40)}
    inside = dict.fromkeys(groups, 1.0)
    for merge in merges(its):
        ours = [key for key, group in groups.items() if merge.one in group or merge.other in group]
        one, other = (its[groups[key]].mean(axis=0) for key in ours)
        mean = float(one @ other)
        both = (mean + mean / float(np.linalg.norm(one) * np.linalg.norm(other))) / 2
        inside[ours[0]] = min(both, *(inside[key] for key in ours))
        assert merge.like == pytest.approx(inside[ours[0]], abs=1e-5)
        groups[ours[0]] += groups.pop(ours[1])


def test_opposite_vectors_break_nothing() -> None:
    its = np.array([[1, 0], [-1, 0], [0, 1], [0, -1]], np.float32)
    assert all(np.isfinite(merge.like) for merge in merges(its))
