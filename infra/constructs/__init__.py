"""Constructs that every context uses."""
