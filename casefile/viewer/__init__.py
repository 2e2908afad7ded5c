"""The page with which an archive is read, without a network."""
