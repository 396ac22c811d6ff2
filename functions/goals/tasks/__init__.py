"""The tasks of a goal, and when they are due."""
