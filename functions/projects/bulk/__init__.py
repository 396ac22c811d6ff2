"""Several milestones in one request, and milestones made from others."""
