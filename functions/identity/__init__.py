"""Users and tenants, sign-in and access tokens."""
