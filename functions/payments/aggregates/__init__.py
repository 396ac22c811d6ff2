"""What reports are made of: sums over the invoices of a tenant, which every change of an invoice adds to."""
