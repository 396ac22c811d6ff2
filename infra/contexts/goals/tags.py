"""The groups of operations of goals in the API reference, and their place in it: the lowest comes first."""

PLACE = 10
TAGS = {
    "goals": "Goals, their tasks, how far they are, the milestones on the way, and who else may look.",
    "milestone-achievements": "What was reached for the first time, newest first.",
    "links": "Links that show a goal, or the calendar of all goals, to whoever holds them.",
    "shared": "What a link shows.",
}
