"""What search should have, for the commands that compare it."""
