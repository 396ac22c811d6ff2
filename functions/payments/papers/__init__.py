"""Papers: invoices and credit notes as documents, in HTML and PDF."""
