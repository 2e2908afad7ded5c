"""The two speaker models, as they are shipped in diarization/models (see PROVENANCE.md there)."""

from __future__ import annotations

import hashlib
from pathlib import Path

import onnxruntime

from casefile.errors import ModelDamaged, ModelMissing

FOLDER = Path(__file__).parent / "models"
DIGESTS = {
    "segmentation-3.0": "3ba20e5b1c45244a78896acb4786df5f72a8eab85faaae1dc15729f9b3a78847",
    "campplus-zh-en": "5b75969709518b8ea2d57a20d5ff56c325a15f243c027da11c66b359c446cb0a",
}


def session(name: str, folder: Path = FOLDER) -> onnxruntime.InferenceSession:
    """The model of this name, on one thread of the CPU. Raises ModelMissing, ModelDamaged.

    onnxruntime would keep a plan of memory for every length of sound that it has ever seen: 50 KiB each, for ever.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    return onnxruntime.InferenceSession(_checked(name, folder), options, providers=["CPUExecutionProvider"])


def _checked(name: str, folder: Path) -> bytes:
    path = folder / f"{name}.onnx"
    try:
        model = path.read_bytes()
    except OSError as error:
        raise ModelMissing(name=name) from error
    if hashlib.sha256(model).hexdigest() != DIGESTS[name]:
        raise ModelDamaged(name=name, file=path.name)
    return model
