"""What is asked of a collection: words, filters, orders; and what is answered."""
