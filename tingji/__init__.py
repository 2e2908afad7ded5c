"""Tingji (庭记): the courtroom recorder that writes the record. Start reading in `pipeline.py`."""
