"""What an operator of a stage runs by hand."""
