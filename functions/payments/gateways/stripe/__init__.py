"""Stripe: its amounts, its transfers, and the account of the stage there."""
