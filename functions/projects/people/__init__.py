"""The people of a project: its members, what their roles let them do, and who owns a milestone."""
