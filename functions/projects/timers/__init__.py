"""What happens to milestones with time: reminders, layers that are due, and escalations that nobody raises."""
