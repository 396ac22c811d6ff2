"""The page of what the local stage has sent to people; nothing of it goes to AWS."""
