"""The demo: how three series of Python releases went, as goals of the demo user."""
