"""Webhooks: endpoints of a tenant, and the delivery of what has happened to them (Standard Webhooks 1.0.0)."""
