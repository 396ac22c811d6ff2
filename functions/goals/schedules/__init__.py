"""One schedule per goal, for milestones that time alone reaches and deadlines that pass."""
