"""Waiting: what of a campaign is not sent at once, and until when."""
