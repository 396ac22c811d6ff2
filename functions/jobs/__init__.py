"""Jobs: how far long work is that a user has asked for in any context, what became of it, and its end."""
