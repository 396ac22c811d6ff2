"""`milepost invoices|payments|ledger`: what is asked for, what is paid, and what has moved between accounts."""
