"""Finding the passages that an answer can cite."""
