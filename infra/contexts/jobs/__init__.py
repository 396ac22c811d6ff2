"""The function of jobs."""
