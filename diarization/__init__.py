"""Speech in, speakers out: no clock, file, socket or database in here."""
