"""What happens by itself after changes: copies of projects, deleted milestones, and people who leave."""
