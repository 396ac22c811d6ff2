"""Segments: which leads belong together, by rules that are evaluated anew each time."""
