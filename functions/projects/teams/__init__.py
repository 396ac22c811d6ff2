"""Teams of a project: created, changed, removed, and left."""
