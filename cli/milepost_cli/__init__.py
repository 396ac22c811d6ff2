"""Milepost from the command line, through the public API only: nothing of the platform is imported here."""
