"""What an operator runs for the audience."""
