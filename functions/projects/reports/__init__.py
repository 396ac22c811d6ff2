"""What a tenant or a project learns from what has happened: why milestones were escalated."""
