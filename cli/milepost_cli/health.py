"""How a goal is doing, in a word and as bars and dates: from what the API says, with nothing worked out again."""

from typing import Any

from rich.text import Text

from milepost_cli.frame import View
from milepost_cli.terminal import is_for_people, plain

_STYLES = {"done": "green", "on track": "green", "behind": "yellow", "urgent": "yellow", "overdue": "red"}
BAR_CELLS = 28


def word(progress: View, status: str) -> str:
    """Return how a goal is doing: its status, or for an active one what its time says."""
    if status != "active":
        return "done" if status == "completed" else status
    if progress["is_overdue"]:
        return "overdue"
    if progress["is_urgent"] and not progress["is_on_track"]:
        return "urgent"
    return "on track" if progress["is_on_track"] else "behind"


def shown(view: View, exact: str, text: str) -> Any:
    """Return a value of the API as it is printed: for people its text, for programs the exact value."""
    return view[text if is_for_people() else exact]


def milestones(found: list[View]) -> str:
    """Return the four milestones in one line: `✓` with the day it was reached, `→` with the day that time brings it."""
    return "  ".join(f"{each['percentage']} % {_when(each)}" for each in found)


def bars(goal: View) -> Text:
    """Return a goal as it is looked at: title; bar, percentage, word; the line of its milestones."""
    progress = goal["progress"]
    percentage = float(progress["progress_percentage"])
    how = word(progress, goal["status"])
    style = _STYLES.get(how, "dim")
    full = int(percentage * BAR_CELLS / 100)
    drawn = Text(f"{plain(goal['title'])}\n", style="bold")
    # Two characters and not only two colours, so that the bar can be read without them.
    drawn.append("━" * full, style=f"not bold {style}").append("┄" * (BAR_CELLS - full), style="not bold dim")
    drawn.append(f" {progress['progress_text']:>7}  {how}", style=f"not bold {style}")
    until = f"  until {goal['deadline_text']}" if goal["deadline_text"] else ""
    tasks = f"  {progress['completed_tasks']}/{progress['total_tasks']} tasks"
    return drawn.append(f"{tasks}{until}\n{milestones(goal['milestones'])}\n", style="not bold dim")


def _when(milestone: View) -> str:
    if milestone["achieved"]:
        return f"✓ {shown(milestone, 'achieved_at', 'achieved_text')}"
    predicted = shown(milestone, "predicted_at", "predicted_text")
    return f"→ {predicted}" if predicted else "→ needs tasks"
