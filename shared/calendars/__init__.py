"""Calendars: the days on which somebody works."""
