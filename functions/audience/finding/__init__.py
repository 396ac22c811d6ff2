"""How leads and campaigns are found: what search is told of them."""
