"""What an answer may look up or do: typed tools over the other rooms' RPCs, for the planner and for a model."""
