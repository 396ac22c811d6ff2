"""Projects, their milestones, and what waits for whom."""
