"""How goals and their tasks are found: what search is told of them."""
