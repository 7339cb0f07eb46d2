"""Row ↔ contract, pure: one file a noun says which attributes travel and in what canonical form."""
