"""The plan of a project: what depends on what, and when each milestone can be worked on."""
