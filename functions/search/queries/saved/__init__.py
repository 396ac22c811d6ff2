"""Searches that a user keeps, to make them again."""
