"""Freezing: what a campaign sends to whom, once it is prepared: its rule, and the file of its audience."""
