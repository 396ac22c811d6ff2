"""The timeline of a project as a picture: the one Gantt chart that there is (`shared/charts/gantt.py`)."""

from functions.projects.dependencies import dependencies
from functions.projects.dependencies.dependencies import Dependency
from functions.projects.planning import schedule
from functions.projects.timeline import reading
from functions.projects.timeline.reading import Look
from shared.charts import gantt
from shared.charts.gantt import Arrow, Gantt, Row
from shared.charts.themes import Theme


def svg(seen: Look, *, theme: Theme) -> str:
    """Return the timeline as an SVG document of at most 80 KB."""
    ids = reading.ordered(seen)
    rows = [_row(seen, each) for each in ids]
    arrows = [_arrow(edge, each) for each in ids for edge in dependencies.of(seen.plan.entries[each].dependencies)]
    shown = Gantt(seen.project.name, seen.today, rows, arrows, seen.project.time_zone)
    return gantt.picture(shown, theme=theme)


def _row(seen: Look, milestone_id: str) -> Row:
    entry, slot = seen.plan.entries[milestone_id], seen.plan.slots[milestone_id]
    first, last = seen.plan.days(milestone_id)
    was = None if seen.baseline is None else seen.baseline.of(milestone_id)
    return Row(milestone_id, entry.title, first, last, entry.progress, slot.slack == 0, was)


def _arrow(edge: Dependency, milestone_id: str) -> Arrow:
    begins, ends = edge.type in schedule.FROM_START, edge.type in schedule.TO_END
    return Arrow(edge.from_id, milestone_id, begins, ends, edge.is_optional)
