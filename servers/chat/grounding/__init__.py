"""The guard between a model's text and a reader: nothing is said that no look-up said before."""
