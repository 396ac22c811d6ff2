"""What sequences need of AWS."""
