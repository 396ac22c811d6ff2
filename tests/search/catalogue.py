"""What search tells the tests that hold for every context."""

CASES = 150
