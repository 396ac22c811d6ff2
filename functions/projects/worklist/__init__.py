"""What waits for a user, as callers are shown it."""
