"""Several milestones invoiced in one request."""
