"""Rules that answers are judged by."""
