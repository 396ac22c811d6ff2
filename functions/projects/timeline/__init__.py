"""The timeline of a project: when its milestones are worked on, in numbers and as a chart, beside its baseline."""
