"""The groups of operations of milestones in the API reference, and their place in it: the lowest comes first."""

PLACE = 20
TAGS = {
    "milestones": "Tracked milestones of a project, and what their evaluator says of them.",
}
