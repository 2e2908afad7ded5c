"""Speech in, words out: no clock, file, socket or database in here."""
