"""Listening to a project over GraphQL: who may be listening, and what is published to them."""
