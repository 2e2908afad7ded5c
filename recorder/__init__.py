"""Sound in: microphones or a file, written to a journal on disk before anything else happens to it."""
