"""Who calls: from a credential to a caller."""
