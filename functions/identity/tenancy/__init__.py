"""A tenant, its members, and how people join it."""
