"""Prose by a language model, between the data and the reader."""
