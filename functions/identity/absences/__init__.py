"""Out of office: when a user is away, and who decides in their place meanwhile."""
