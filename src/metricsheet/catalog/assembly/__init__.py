"""A tree of well-formed definitions into the records of a catalog, checked as a whole."""
