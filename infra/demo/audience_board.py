"""The audience in a terminal: how many people, who is in which segment, and how far each campaign is."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

BAR_COLUMNS = 30


def board(everybody: int, segments: Mapping[str, int], campaigns: Iterable[Mapping[str, Any]]) -> RenderableType:
    """Return what to print: `segments` are the numbers of their members by name, campaigns have their `stats`."""
    return Panel(
        Group(_segments(segments), "", *(_campaign(each) for each in campaigns)),
        title=Text("Audience", style="bold"),
        title_align="left",
        subtitle=Text(f"{everybody:,} people", style="dim"),
        subtitle_align="right",
        border_style="dim",
    )


def _segments(segments: Mapping[str, int]) -> Table:
    table = Table.grid(padding=(0, 2))
    for name, count in segments.items():
        table.add_row(Text("segment"), Text(f"{name:<32}"), Text(f"{count:>7,}", style="bold"))
    return table


def _campaign(campaign: Mapping[str, Any]) -> RenderableType:
    stats = campaign["stats"]
    audience, counts, funnel = stats["audience"] or 0, stats["counts"], stats["funnel"]
    done = audience - counts["pending"]
    line = Table.grid(padding=(0, 2))
    line.add_row(
        Text(f"{campaign['name']:<14}"),
        ProgressBar(total=max(audience, 1), completed=done, width=BAR_COLUMNS),
        Text(f"{done:,} of {audience:,}"),
        Text(campaign["status"], style="green" if campaign["status"] == "completed" else "yellow"),
    )
    told = [f"{funnel[state]:,} {state}" for state in ("delivered", "opened", "clicked")]
    told += [f"{counts[state]:,} {state}" for state in ("bounced", "failed") if counts[state]]
    return Group(line, Text(f"{'':<16}{', '.join(told)}", style="dim"))
