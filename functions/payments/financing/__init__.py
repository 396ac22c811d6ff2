"""Advances on what milestones and invoices will bring: requests, pledges, instalments."""
