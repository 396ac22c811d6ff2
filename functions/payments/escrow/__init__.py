"""Deposits for a project, out of which its payments are released."""
