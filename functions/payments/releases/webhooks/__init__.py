"""Webhooks of gateways: what they tell of payments, each event once."""
