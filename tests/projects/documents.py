"""The parts of docs/projects.md, docs/verification.md and docs/escalations.md that are made of the code's own data."""

from typing import get_args

from functions.projects.escalation import transition as escalation
from functions.projects.layers import attempt, layers
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


def escalation_transitions() -> list[str]:
    """Return the rows of the table of what becomes of an escalation."""
    rows = []
    for event, each in escalation.TRANSITIONS.items():
        before = ", ".join(f"`{status}`" for status in escalation.STATUSES if status in each.before)
        after = "the same" if each.after is None else f"`{each.after}`"
        rows.append(f"| `{event}` | {before} | {after} | {each.by} | {each.when} |")
    return rows


def escalation_diagram() -> list[str]:
    """Return the lines of the state diagram of an escalation (Mermaid)."""
    lines = ["stateDiagram-v2", "    [*] --> pending"]
    for event, each in escalation.TRANSITIONS.items():
        lines += [
            f"    {before} --> {each.after or before}: {event}"
            for before in escalation.STATUSES
            if before in each.before
        ]
    return lines


def layer_transitions() -> list[str]:
    """Return the rows of the table of what a layer may become."""
    rows = []
    for event, each in attempt.TRANSITIONS.items():
        before = ", ".join(f"`{status}`" for status in get_args(layers.Status) if status in each.before)
        rows.append(f"| `{event}` | {before} | `{each.after}` | {each.when} |")
    return rows


def layer_diagram() -> list[str]:
    """Return the lines of the state diagram of a layer (Mermaid)."""
    lines = ["stateDiagram-v2", "    [*] --> waiting"]
    for event, each in attempt.TRANSITIONS.items():
        lines += [
            f"    {before} --> {each.after}: {event}" for before in get_args(layers.Status) if before in each.before
        ]
    return lines
