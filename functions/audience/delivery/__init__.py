"""Delivery: the providers of a tenant, one attempt at sending a message through one, and what its answer means."""
