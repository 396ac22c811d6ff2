"""Sequences: numbers, order and versions of elements."""
