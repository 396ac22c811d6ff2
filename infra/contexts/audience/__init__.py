"""What the audience needs of AWS."""
