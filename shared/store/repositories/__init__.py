"""One repository per subject, speaking in domain values."""
