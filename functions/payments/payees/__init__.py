"""Payees: where the money of a tenant goes, which two people decide together."""
