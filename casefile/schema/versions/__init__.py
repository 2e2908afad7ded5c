"""One file per migration, numbered; each is run once, in one transaction, and never changed afterwards."""
