"""What people do with the layers of a milestone: look at them, decide, withdraw, reassign and comment."""
