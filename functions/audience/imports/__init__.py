"""Leads out of files, and leads into files: long work, done as jobs."""
