"""The page of the parts, in the local stage: every part in every state, with the code that makes it."""
