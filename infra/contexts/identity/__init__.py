"""The functions of identity, its keys and secrets."""
