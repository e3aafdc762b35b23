"""fathom: depth from a single picture."""
