"""Leads, what they have bought and agreed to, and whom of them a tenant reaches."""
