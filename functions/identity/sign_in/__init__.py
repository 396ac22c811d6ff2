"""Signing in, sessions and step-up."""
