"""Signing in at another provider (OpenID Connect)."""
