"""Why milestones were escalated: what a caller may read of it, and the sheet of it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from functions.projects.people import access
from functions.projects.people.access import AdminRequired
from functions.projects.reports import delays
from functions.projects.reports.delays import Counted
from shared import clock
from shared.callers.caller import Caller
from shared.callers.project_members import ADMIN, ProjectNotFound
from shared.errors import InvalidInput

View = dict[str, Any]

MOST_MONTHS: Final = 12
_A_YEAR: Final = 12


def delay_reasons(caller: Caller, project_id: str | None, first: str | None, last: str | None) -> View:
    """Return why milestones of a project were escalated, or those of all projects for admins; two calls at most.

    Months are `2026-11`; without them they are the last twelve. Raises InvalidInput, ProjectNotFound, AdminRequired.
    """
    months = _months(first, last)
    if project_id is not None:
        access.open_project(caller, project_id, consistent=False)
        found = delays.of_project(caller.tenant_id, project_id, months)
    elif ADMIN in caller.scopes:
        found = delays.of_tenant(caller.tenant_id, months)
    elif "guest" in caller.roles:
        raise ProjectNotFound
    else:
        raise AdminRequired
    return {
        "project_id": project_id,
        "from_month": months[0],
        "to_month": months[-1],
        "escalations": sum(each.escalations for each in found),
        "delay_days": sum(each.delay_days for each in found),
        "reasons": _by_reason(found),
        "rows": [each._asdict() for each in found],
    }


def sheet(report: View) -> str:
    """Return a report as CSV. All of its cells are words of ours, ids and numbers, and no number has a sign."""
    lines = [Counted._fields, *(tuple(each.values()) for each in report["rows"])]
    return "".join(",".join(map(str, each)) + "\r\n" for each in lines)


def _by_reason(found: Sequence[Counted]) -> list[View]:
    """Return how often each reason was given, the most frequent first."""
    escalations, days = Counter[str](), Counter[str]()
    for each in found:
        escalations[each.reason_code] += each.escalations
        days[each.reason_code] += each.delay_days
    return [
        {"reason_code": reason, "escalations": count, "delay_days": days[reason]}
        for reason, count in sorted(escalations.items(), key=lambda each: (-each[1], each[0]))
    ]


def _months(first: str | None, last: str | None) -> list[str]:
    """Return the months from one to another. Raises InvalidInput."""
    present = delays.month_of(clock.to_rfc3339(clock.now()))
    until = _number("to_month", last or present)
    since = until - MOST_MONTHS + 1 if first is None else _number("from_month", first)
    if not 0 <= until - since < MOST_MONTHS:
        raise InvalidInput.of("from_month", "must be to_month, or one of the eleven months before")
    return [f"{number // _A_YEAR:04}-{number % _A_YEAR + 1:02}" for number in range(since, until + 1)]


def _number(field: str, month: str) -> int:
    """Return the number of a month such as 2026-11. Raises InvalidInput."""
    year, _, of_year = month.partition("-")
    is_one = month.isascii() and year.isdigit() and of_year.isdigit() and len(month) == len("2026-11")
    if not is_one or len(year) != len("2026") or not 1 <= int(of_year) <= _A_YEAR or int(year) < 1970:
        raise InvalidInput.of(field, "must be a month from 1970 on, such as 2026-11")
    return int(year) * _A_YEAR + int(of_year) - 1
