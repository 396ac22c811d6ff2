"""What a tenant sets for its invoices and payments."""
