"""The second factor: an authenticator and recovery codes."""
