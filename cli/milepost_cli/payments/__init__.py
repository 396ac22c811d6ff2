"""`milepost invoices|payments|financing|ledger`: what is asked for, paid, lent, and booked."""
