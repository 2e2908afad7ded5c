"""Court documents made from a record by templates that a court can replace (docs/templates.md)."""
