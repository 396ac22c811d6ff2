"""What payments need of AWS."""
