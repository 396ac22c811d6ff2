"""Whom escalations tell, level by level, and by what clock: policies of a tenant, or of a project."""
