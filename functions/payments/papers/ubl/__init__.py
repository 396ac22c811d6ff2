"""Invoices and credit notes as UBL 2.1, as EN 16931 uses it, for programs that read invoices."""
