"""Whole collections as files of JSON lines, brought in and written out by jobs."""
