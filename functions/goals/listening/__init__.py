"""Listening to a goal over GraphQL: who may be listening, and what is published to them."""
