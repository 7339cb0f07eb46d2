"""The nouns of the Partner API as pydantic models, one file a noun.

Owns what we send (`…Request`, strict) and what we read (`…Record`, tolerant). May import pydantic only.
"""
