"""The audit log of a tenant, and how it is verified."""
