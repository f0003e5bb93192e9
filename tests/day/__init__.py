"""A whole invented trading day through the program as people run it, told as a report."""
