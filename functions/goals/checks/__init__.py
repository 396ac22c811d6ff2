"""Rows of tasks and goals, checked by the rules of the writes before anything is written."""
