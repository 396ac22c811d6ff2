"""Dependencies between milestones: what they are, and which of them are open."""
