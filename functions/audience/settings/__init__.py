"""What a tenant has decided about its audience."""
