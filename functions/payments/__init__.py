"""What a verified milestone sets free: invoices, payments and the ledger."""
