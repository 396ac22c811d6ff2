"""Escalations of milestones: how they are raised, seen to and resolved, and what that does to the milestone."""
