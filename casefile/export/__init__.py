"""The record in the formats that others read."""
