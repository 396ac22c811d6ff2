"""Payments: how the total of an issued invoice is released, exactly once, and what becomes of it after that."""
