"""`tingji export`: the text of a sealed record, or of the hearings of a data folder, sealed or not."""
