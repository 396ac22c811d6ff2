"""What happens by itself after changes: members' copies of a project, and what becomes of those who leave."""
