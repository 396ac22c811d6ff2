"""Sending to people: one attempt by e-mail, SMS, push or chat, and what the provider's answer means."""
