"""A digest of the open signals over all strategies: what meets conditions now, never what to do about it."""
