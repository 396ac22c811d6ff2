"""How projects, their milestones, evidence and comments are found: what search is told of them."""
