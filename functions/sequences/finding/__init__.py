"""How elements of sequences are found: what search is told of them."""
