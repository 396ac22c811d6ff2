"""The outside evaluator: what it is told, and what it tells."""
