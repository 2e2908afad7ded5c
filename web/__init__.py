"""The server's doors: sound in from the recorder, pages and events out."""
