"""diarization.inference: only the models that we know are loaded."""

from pathlib import Path

import pytest

from casefile.errors import ModelDamaged, ModelMissing
from diarization.inference import FOLDER, session


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="campplus-zh-en"):
        session("campplus-zh-en", tmp_path)


def test_a_changed_model_is_not_loaded(tmp_path: Path) -> None:
    whole = (FOLDER / "segmentation-3.0.onnx").read_bytes()
    (tmp_path / "segmentation-3.0.onnx").write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(ModelDamaged, match=r"segmentation-3\.0\.onnx"):
        session("segmentation-3.0", tmp_path)


@pytest.mark.parametrize("text", ["PROVENANCE.md", "LICENSE-campplus.txt", "LICENSE-segmentation-3.0.txt"])
def test_licences_and_origin_lie_beside_the_models(text: str) -> None:
    assert (FOLDER / text).read_text(encoding="utf-8")
