"""Background work: what follows for invoices from events of projects."""
