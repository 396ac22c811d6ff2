"""The demo: how three series of Python releases went, as goals of the demo user, and what else there is to look at."""
