"""API keys for services."""
