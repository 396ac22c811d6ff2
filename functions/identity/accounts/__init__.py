"""Who exists: users, tenants, e-mail addresses and passwords."""
