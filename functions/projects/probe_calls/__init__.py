"""Calls of probes: an address is asked instead of people, and what it answers becomes the answer."""
