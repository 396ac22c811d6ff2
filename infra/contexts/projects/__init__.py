"""What projects need of AWS."""
