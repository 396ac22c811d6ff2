"""Goals, their tasks, how far they are, and the milestones reached on the way."""
