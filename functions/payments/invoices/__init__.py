"""Invoices: what is asked for a milestone, as a draft, issued under a number, and paid."""
