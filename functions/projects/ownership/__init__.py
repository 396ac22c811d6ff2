"""Who owns a milestone: assigned, accepted, declined, handed on, removed."""
