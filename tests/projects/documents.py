"""The parts of docs/projects.md that are made of the code's own data."""

from functions.projects.milestones.transition import STATUSES, TRANSITIONS


def transitions() -> list[str]:
    """Return the rows of the table of transitions."""
    rows = []
    for event, each in TRANSITIONS.items():
        before = ", ".join(f"`{status}`" for status in STATUSES if status in each.before)
        after = ", ".join(f"`{status}`" for status in each.after)
        rows.append(f"| `{event}` | {each.by} | {before} | {after} | {each.guard} |")
    return rows


def diagram() -> list[str]:
    """Return the lines of the state diagram (Mermaid)."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    for event, each in TRANSITIONS.items():
        lines += [
            f"    {before} --> {after}: {event}" for before in STATUSES if before in each.before for after in each.after
        ]
    return lines
