"""Commands of an operator about invoices and the journal."""
