"""Goals in a terminal: how far they are, and their milestones with the instant each was or will be reached."""

import io
import re
from collections.abc import Iterable
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

PICTURE_COLUMNS = 78
BAR_COLUMNS = 40

Goal = dict[str, Any]

# Rich lets a picture load its font from the net; a reader of the README should not call anybody.
_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}\s*")


def board(goals: Iterable[Goal]) -> RenderableType:
    """Return what to print for goals as the API lists them."""
    return Group(*(_panel(goal) for goal in goals))


def picture(*boards: RenderableType) -> str:
    """Return boards as an SVG that loads nothing from anywhere."""
    console = Console(record=True, width=PICTURE_COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(*boards, sep="\n")
    svg = console.export_svg(title="make demo", unique_id="demo")
    return _FONT_FACE.sub("", svg)


def _panel(goal: Goal) -> Panel:
    progress = goal["progress"]
    tasks = f"{progress['completed_tasks']} of {progress['total_tasks']} tasks"
    subtitle = f"{goal['status']}, {tasks}, due {goal['deadline_text'] or 'never'}"
    return Panel(
        Group(_bars(progress), "", _milestones(goal["milestones"])),
        title=Text(goal["title"], style="bold"),
        title_align="left",
        subtitle=Text(subtitle, style="dim"),
        subtitle_align="right",
        border_style="dim",
    )


def _bars(progress: Goal) -> Table:
    table = Table.grid(padding=(0, 2))
    shown = {
        "progress": ("progress_percentage", "progress_text"),
        "tasks": ("task_progress", "task_progress_text"),
        "time": ("time_progress", "time_progress_text"),
    }
    for name, (exact, text) in shown.items():
        percent, said = progress[exact], progress[text]
        if percent is not None:
            bar = ProgressBar(total=100, completed=percent, width=BAR_COLUMNS)
            table.add_row(Text(f"{name:<14}"), bar, Text(f"{said:>7}", style="bold" if name == "progress" else ""))
    return table


def _milestones(milestones: Iterable[Goal]) -> Table:
    table = Table.grid(padding=(0, 2))
    for milestone in milestones:
        mark, when, style = _reached(milestone)
        table.add_row(
            Text(mark, style=style),
            Text(f"{milestone['percentage']:>3} %"),
            Text(f"{milestone['name']:<14}"),
            Text(when, style=style),
        )
    return table


def _reached(milestone: Goal) -> tuple[str, str, str]:
    """Return the mark, the words and the style of a milestone: reached, to be reached by time alone, or neither."""
    if milestone["achieved"]:
        return "●", f"reached {_minute(milestone['achieved_at'])}", "green"
    if milestone["predicted_at"]:
        return "○", f"predicted {_minute(milestone['predicted_at'])}", "yellow"
    return "○", "needs tasks", "dim"


def _minute(instant: str) -> str:
    """Return `2024-01-17 12:00 UTC` for an instant of the API."""
    return f"{instant[:10]} {instant[11:16]} UTC"
