"""Files to try an import with."""
