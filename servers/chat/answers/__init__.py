"""Answers: which look-ups a question needs, and what is told from their results; every number is printed by code."""
