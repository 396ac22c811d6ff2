"""Which column of a sheet is which field of a task or of its goal.

The first of these that names a column decides: `--map`, the preset of `--from`, a heading that is the field's name, a
heading that usually means it. Only of tags may there be several columns: all of them count.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from milepost_cli.imports.presets import PRESETS, Origin
from milepost_cli.imports.sheets import Sheet
from milepost_cli.names import folded, one_line
from milepost_cli.stops import Misused

TASK_FIELDS = ("title", "due", "weight", "tags", "done", "note")
GOAL_FIELDS = (
    "goal",
    "goal_deadline",
    "goal_start",
    "goal_time_zone",
    "goal_category",
    "goal_description",
    "goal_tags",
)
FIELDS = (*TASK_FIELDS, *GOAL_FIELDS)
LISTS = frozenset({"tags", "goal_tags"})
_USUAL = {
    "name": "title",
    "task": "title",
    "task_name": "title",
    "due_at": "due",
    "due_date": "due",
    "status": "done",
}


@dataclass(frozen=True)
class Columns:
    """The places of the columns of each field, and of the one that tells what kind of row it is."""

    places: Mapping[str, Sequence[int]]
    kind: int | None = None

    def unused(self, sheet: Sheet) -> list[str]:
        """Return the headings of the columns that hold something and are no field."""
        used = {place for places in self.places.values() for place in places} | {self.kind}
        filled = {place for row in sheet.rows for place, cell in enumerate(row.cells) if cell.strip()}
        named = [sheet.headings[place] or f"column {place + 1} without a heading" for place in sorted(filled - used)]
        return list(dict.fromkeys(named))


def chosen(headings: Sequence[str], given: Sequence[str], origin: Origin | None) -> Columns:
    """Return which column is which field.

    Raises Misused for a field or a column that there is not, for two columns of one field, and without a title.
    """
    preset = PRESETS[origin] if origin else None
    ranks = (
        _given(headings, given),
        _named(headings, preset.columns if preset else {}),
        _matching(headings, lambda name: name if name in FIELDS else None),
        _matching(headings, _USUAL.get),
    )
    places = {field: _only(field, headings, ranks) for field in FIELDS}
    if not places["title"]:
        raise Misused(f"No column is the title; say which with --map title=…: {', '.join(filter(None, headings))}")
    kind = _placed(headings, preset.kind) if preset and preset.kind else []
    if preset and preset.kind and len(kind) != 1:
        raise Misused(f"--from {origin}: the file must have one column {preset.kind}, and it has {len(kind)}.")
    return Columns({field: found for field, found in places.items() if found}, kind[0] if kind else None)


def _only(field: str, headings: Sequence[str], ranks: Sequence[Mapping[str, Sequence[int]]]) -> Sequence[int]:
    found = next((rank[field] for rank in ranks if rank.get(field)), [])
    if len(found) > 1 and field not in LISTS:
        named = " and ".join(f"{headings[place]!r} (column {place + 1})" for place in found)
        raise Misused(f"{field}: {named} both could be it. Rename one, or say which with --map {field}=…")
    return found


def _given(headings: Sequence[str], given: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for each in given:
        field, _, column = each.partition("=")
        if field not in FIELDS:
            raise Misused(f"--map {each}: a field is one of {', '.join(FIELDS)}")
        found = _placed(headings, column)
        if not found:
            raise Misused(f"--map {each}: there is no such column, but {', '.join(filter(None, headings))}")
        places.setdefault(field, []).extend(place for place in found if place not in places.get(field, []))
    return places


def _named(headings: Sequence[str], columns: Mapping[str, str]) -> dict[str, list[int]]:
    return {field: _placed(headings, column) for field, column in columns.items()}


def _matching(headings: Sequence[str], field_of: Callable[[str], str | None]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, heading in enumerate(headings):
        field = field_of(folded(heading).replace(" ", "_").replace("-", "_"))
        if field is not None:
            places.setdefault(field, []).append(place)
    return places


def _placed(headings: Sequence[str], column: str) -> list[int]:
    """Return the places of the columns with this heading: written just so, else whatever its capitals."""
    exact = [place for place, heading in enumerate(headings) if heading and heading == one_line(column)]
    return exact or [place for place, heading in enumerate(headings) if heading and folded(heading) == folded(column)]
