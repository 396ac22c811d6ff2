"""What a template makes of a total, a day, and parameters: the milestones of a plan, and who owns them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from functions.projects.dependencies import dependencies
from functions.projects.dependencies.dependencies import Dependency
from functions.projects.plans import filling, share, soundness
from functions.projects.plans.templates import Content
from shared import ids
from shared.calendars.working_days import Calendar
from shared.errors import InvalidInput

_PLANNED: Final = (
    *("kind", "priority", "estimated_hours", "weight", "progress_source", "acceptance", "verification_policy", "tags"),
)
_LONGEST: Final[Mapping[str, int]] = {"title": 200, "description": 5000, "text": 200}


class Asked(NamedTuple):
    """What plan is asked for: where, from which day on, of which total, and with which parameters by their names."""

    project_id: str
    start_on: str
    total_minor_units: int | None
    parameters: Mapping[str, str]


def values(content: Content, sent: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts and the people of the parameters by their names. Raises InvalidInput."""
    known = {each["name"]: each for each in content.parameters}
    faults = {name: "must be a parameter of the template" for name in sent if name not in known}
    found = dict[str, str]()
    for name, each in known.items():
        value = sent.get(name, each["default"])
        if value is None:
            faults[name] = "must be sent: the template has no default"
        elif each["kind"] == "person" and not ids.is_valid(value, "user"):
            faults[name] = "must be the id of a user"
        else:
            found[name] = value
    if faults:
        _refuse({f"parameters.{name}": reason for name, reason in faults.items()})
    people = {name: value for name, value in found.items() if known[name]["kind"] == "person"}
    return {name: value for name, value in found.items() if name not in people}, people


def amounts(content: Content, total: int | None) -> list[int | None]:
    """Return the amount of each milestone, None for those without a percentage. Raises InvalidInput."""
    shares = [each["percentage"] or 0 for each in content.milestones]
    if total is None:
        if any(each["type"] == "payment_to_start" for each in content.dependencies):
            _refuse({"total_minor_units": "must be sent: a milestone waits for the payment of another"})
        return [None] * len(shares)
    if not any(shares):
        _refuse({"total_minor_units": "must not be sent: no milestone of the template has a percentage"})
    parts = share.split(total, shares)
    nothing = [
        each["key"] for each, part in zip(content.milestones, parts, strict=True) if each["percentage"] and not part
    ]
    if nothing:
        _refuse({"total_minor_units": f"must be more: nothing of it is left for {nothing[0]}"})
    return [part or None for part in parts]


def milestones(
    content: Content, asked: Asked, texts: Mapping[str, str], calendar: Calendar, milestone_ids: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the fields of each milestone, in the order of the template. Raises InvalidInput.

    `milestone_ids` are by the keys of the template.
    """
    needs = defaultdict[str, list[dict[str, Any]]](list)
    for each in content.dependencies:
        ends = milestone_ids[each["from_key"]], each["type"], each["lag_days"], each["is_optional"], each["condition"]
        needs[each["to_key"]].append(dependencies.stored(Dependency(*ends)))
    _require_short(content.milestones, texts)
    first = date.fromisoformat(asked.start_on)
    parts = amounts(content, asked.total_minor_units)
    return [
        {
            **{name: each[name] for name in _PLANNED},
            **_filled(each, texts),
            **_days(each, first, calendar),
            "amount_minor_units": part,
            "dependencies": needs[each["key"]],
            "metadata": {"plan_milestone": each["key"]},
        }
        for each, part in zip(content.milestones, parts, strict=True)
    ]


def _filled(milestone: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    plain = {name: filling.filled(milestone[name], texts) for name in soundness.TEXTS}
    keyed = {
        name: [{**each, field: filling.filled(each[field], texts)} for each in milestone[name]]
        for name, field in soundness.KEYED.items()
    }
    unmet = [{**each, "is_met": False} for each in keyed["completion_criteria"]]
    return {**plain, **keyed, "completion_criteria": unmet}


def _days(milestone: Mapping[str, Any], first: date, calendar: Calendar) -> dict[str, str]:
    start = calendar.shifted(first, milestone["offset_days"])
    return {"start_on": str(start), "due_on": str(calendar.shifted(start, milestone["duration_days"] - 1))}


def _require_short(planned: Sequence[Mapping[str, Any]], texts: Mapping[str, str]) -> None:
    """Require that texts with their parameters are as short as people may write them. Raises InvalidInput."""
    _refuse(
        {
            f"parameters.{name}": f"must be shorter: {field} of {each['key']} would have more than {most} characters"
            for each in planned
            for field, text in soundness.texts(each)
            if len(filling.filled(text, texts)) > (most := _LONGEST.get(field, _LONGEST["text"]))
            for name in sorted(filling.named(text))
        }
    )


def _refuse(faults: Mapping[str, str]) -> None:
    """Raise InvalidInput, if anything is wrong."""
    if faults:
        said = "; ".join(f"{field}: {reason}" for field, reason in faults.items())
        raise InvalidInput(said, errors=[{"field": field, "reason": reason} for field, reason in faults.items()])
