"""Campaigns: one message to each lead of a segment, once, whatever stops or comes twice in between."""
