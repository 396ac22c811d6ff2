"""Projects: milestones that people work on, prove and approve."""
