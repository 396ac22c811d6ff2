"""What jobs tell the tests that hold for every context."""

CASES = 40
