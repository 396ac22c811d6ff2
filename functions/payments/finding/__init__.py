"""How invoices, credit notes and financing requests are found: what search is told of them."""
