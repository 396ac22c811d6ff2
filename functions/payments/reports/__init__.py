"""What the invoices of a tenant come to: what is outstanding, what will come in, and how long clients take to pay."""
