"""Asking the chat service questions of files and judging its answers by rules."""
