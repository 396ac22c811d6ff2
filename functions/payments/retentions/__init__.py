"""Retentions: what invoices kept back, asked for by invoices of their own."""
