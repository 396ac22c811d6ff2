"""Comments of members on evidence, and on layers."""
