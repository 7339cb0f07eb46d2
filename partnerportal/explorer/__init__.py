"""Try It: one call of the API, asked for by a person from the reference. May import delivery and below."""
