"""The tables of the case file, and the numbered migrations that lead to them."""
