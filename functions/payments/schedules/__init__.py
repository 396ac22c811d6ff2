"""Invoices that come again: a share of a milestone every week, month, quarter, half year or year."""
