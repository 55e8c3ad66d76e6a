"""Heedful: an empathy engine."""
