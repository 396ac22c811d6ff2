"""Sending: what a worker does with a chunk of a campaign, one recipient after the other."""
