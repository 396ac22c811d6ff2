"""The milestones of a project: their transitions, their gate, their progress and their history."""
