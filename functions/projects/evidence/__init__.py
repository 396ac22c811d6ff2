"""Evidence: files and links that prove what was done for a milestone."""
