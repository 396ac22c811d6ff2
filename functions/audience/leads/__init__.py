"""Leads: their records, who is who, and how they come in."""
