"""Plan templates, and how a plan is made of one: all of its milestones at once."""
