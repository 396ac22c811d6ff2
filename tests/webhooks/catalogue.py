"""What webhooks tell the tests that hold for every context."""

CASES = 170
SCOPES = "webhooks"
