"""diarization.inference: only the models that we know are loaded."""

import ctypes
from pathlib import Path

import numpy as np
import pytest

from casefile.errors import ModelDamaged, ModelMissing
from diarization.inference import FOLDER, session

COUNTS = (
    "arena",
    "ordblks",
    "smblks",
    "hblks",
    "hblkhd",
    "usmblks",
    "fsmblks",
    "uordblks",
    "fordblks",
    "keepcost",
)


class MallInfo(ctypes.Structure):
    """mallinfo2(3)."""

    _fields_ = tuple((name, ctypes.c_size_t) for name in COUNTS)


def bytes_in_use() -> int:
    """What this program has allocated and not freed, pages that wait for reuse left out."""
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "mallinfo2"):
        pytest.skip("SKIPPED: only glibc 2.33 and later tells what is in use")
    libc.mallinfo2.restype = MallInfo
    info = libc.mallinfo2()
    return int(info.uordblks + info.hblkhd)


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="campplus-zh-en"):
        session("campplus-zh-en", tmp_path)


def test_a_changed_model_is_not_loaded(tmp_path: Path) -> None:
    whole = (FOLDER / "segmentation-3.0.onnx").read_bytes()
    (tmp_path / "segmentation-3.0.onnx").write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(ModelDamaged, match=r"segmentation-3\.0\.onnx"):
        session("segmentation-3.0", tmp_path)


def test_sound_of_ever_new_lengths_leaves_nothing_in_memory() -> None:
    model = session("campplus-zh-en")

    def in_use_after(lengths: range) -> int:
        for length in lengths:
            model.run(None, {"features": np.zeros((1, length, 80), np.float32)})
        return bytes_in_use()

    before = in_use_after(range(119, 99, -1))  # the longest first: onnxruntime's arena does not grow after it
    assert in_use_after(range(60, 100)) - before < 500_000  # 2 MB with a plan for each length


@pytest.mark.parametrize("text", ["PROVENANCE.md", "LICENSE-campplus.txt", "LICENSE-segmentation-3.0.txt"])
def test_licences_and_origin_lie_beside_the_models(text: str) -> None:
    assert (FOLDER / text).read_text(encoding="utf-8")
