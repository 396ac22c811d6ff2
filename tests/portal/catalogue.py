"""What the portal tells the tests that hold for every context."""

CASES = 10
