"""Who may do what: accounts and their passwords, sessions, links, keys of recorders. Only digests are stored."""
