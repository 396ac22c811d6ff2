"""How tracked milestones are found: what search is told of them."""
