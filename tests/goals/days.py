"""Days in time zones, and the instants at which they end."""

DAYS = [
    ("UTC", "2026-12-31", "2027-01-01T00:00:00.000Z"),
    ("Europe/Berlin", "2026-07-01", "2026-07-01T22:00:00.000Z"),
    ("Europe/Berlin", "2026-03-28", "2026-03-28T23:00:00.000Z"),
    ("Europe/Berlin", "2026-03-29", "2026-03-29T22:00:00.000Z"),
    ("Europe/Berlin", "2026-10-25", "2026-10-25T23:00:00.000Z"),
    ("America/New_York", "2026-11-01", "2026-11-02T05:00:00.000Z"),
    ("Asia/Kathmandu", "2026-06-15", "2026-06-15T18:15:00.000Z"),
    ("Australia/Lord_Howe", "2026-10-04", "2026-10-04T13:00:00.000Z"),
    ("Pacific/Kiritimati", "2026-06-15", "2026-06-15T10:00:00.000Z"),
    ("America/Santiago", "2026-09-05", "2026-09-06T04:00:00.000Z"),
    ("Africa/Cairo", "2026-04-23", "2026-04-23T22:00:00.000Z"),
]
"""The first instant after the day; Santiago and Cairo skip the midnight that ends it."""
