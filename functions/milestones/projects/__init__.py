"""Projects: how far all tracked milestones of one are, now and day by day."""
