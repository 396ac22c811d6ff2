"""The functions of the portal."""
