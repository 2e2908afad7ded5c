"""Tingji (庭记): the courtroom recorder that writes the record. Start reading in `pipeline.py`."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""numpy's threads wait for each other by spinning: 0.1 s of CPU for each look at a passage (bench/README.md)."""
