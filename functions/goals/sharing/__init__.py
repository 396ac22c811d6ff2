"""Goals shared with other members of the tenant."""
