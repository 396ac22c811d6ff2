"""How a schedule of invoices is made, looked at, changed and deleted by people."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from functions.payments import access
from functions.payments.access import Standing
from functions.payments.invoices import asking, opening
from functions.payments.schedules import periods, schedules
from functions.payments.schedules.schedules import InvoiceSchedule, InvoiceScheduleNotFound, View
from shared import clock, days, ids
from shared.callers import project_members, tenant_settings
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import Conflict, InvalidInput
from shared.storage import changes, table, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim

_LATEST: Final = timedelta(days=3652)


class InvoiceScheduleEnded(Conflict):
    """409: the schedule has ended."""

    def __init__(self) -> None:
        super().__init__("The schedule has ended. Make another one.")


def create(caller: Caller, milestone_id: str, fields: Mapping[str, Any], *, claim: Claim | None = None) -> Answer:
    """Make a schedule of a milestone, and return it; its first period may begin today.

    Raises BilledMilestoneNotFound, access.AmountsHidden, access.FinanceRequired, MilestoneWithoutAmount, InvalidInput.
    """
    schedule_id = ids.new(schedules.ID, at=clock.now())

    def plan() -> Plan[View]:
        now = clock.now()
        opened, _ = opening.milestone(caller.tenant_id, milestone_id, caller=caller)
        opened.require_acting()
        asking.priced(opened.gate)
        _require_near(date.fromisoformat(fields["begins_on"]), opened.today(now))
        moment = clock.to_rfc3339(now)
        new = InvoiceSchedule(
            tenant_id=caller.tenant_id,
            invoice_schedule_id=schedule_id,
            project_id=opened.gate.project_id,
            project_milestone_id=milestone_id,
            created_by=caller.user_id,
            created_at=moment,
            updated_at=moment,
            version=1,
            **fields,
        ).at(0, opened.time_zone)
        _require_period(new)
        return Plan(schedules.view(new), [schedules.born(new), schedules.happened("created", new, now)])

    return changes.make(plan, claim=claim)


def show(caller: Caller, schedule_id: str) -> View:
    """Return a schedule. Raises InvoiceScheduleNotFound."""
    return schedules.view(_seen(caller, schedule_id)[0])


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the schedules of projects whose money is for the caller, the newest first; it may be short.

    Raises Malformed.
    """
    place = schedules.listing(caller.tenant_id)
    found = table.query(place, schedules.PREFIX, newest_first=True, limit=limit, cursor=cursor)
    listed = [schedules.from_item(item) for item in found.items]
    projects = sorted({each.project_id for each in listed})
    own = [project_members.key(caller.tenant_id, each, caller.user_id) for each in projects]
    members = table.get_many(own) if own else []
    seen = {each for each, item in zip(projects, members, strict=True) if access.of_member(caller, item).sees}
    return [schedules.view(each) for each in listed if each.project_id in seen], found.next_cursor


def change(caller: Caller, schedule_id: str, fields: Mapping[str, Any], *, if_match: str | None) -> View:
    """Change a schedule, and return it. What begins while it is paused is left out, and not made up.

    Raises InvoiceScheduleNotFound, access.FinanceRequired, versions.VersionChanged, InvoiceScheduleEnded, InvalidInput.
    """

    def plan() -> Plan[View]:
        now, before = clock.now(), _acted_on(caller, schedule_id, if_match)
        if before.status == "ended":
            raise InvoiceScheduleEnded
        zone = tenant_settings.of(caller.tenant_id).time_zone
        after = _changed(before, fields, zone, now).touched(now)
        _require_period(after)
        return Plan(
            schedules.view(after), [schedules.changed(before, after), schedules.happened("changed", after, now)]
        )

    return changes.make(plan)


def delete(caller: Caller, schedule_id: str, *, if_match: str | None) -> None:
    """Delete a schedule; its invoices stay.

    Raises InvoiceScheduleNotFound, access.FinanceRequired, versions.VersionChanged.
    """

    def plan() -> Plan[None]:
        found = _acted_on(caller, schedule_id, if_match)
        gone = found.touched(clock.now())
        return Plan(None, [schedules.removed(found), schedules.happened("deleted", gone, clock.now())])

    changes.make(plan)


def _changed(before: InvoiceSchedule, fields: Mapping[str, Any], zone: str, now: Instant) -> InvoiceSchedule:
    after = before._replace(**fields)
    number = before.periods
    if before.status == "paused" and after.status == "active":
        today = days.day_of(now, zone)
        number = max(number, periods.number_from(date.fromisoformat(after.begins_on), after.every, today))
    return after.at(number, zone)


def _require_near(begins_on: date, today: date) -> None:
    """Require that a schedule begins today or within ten years. Raises InvalidInput."""
    if not today <= begins_on <= today + _LATEST:
        raise InvalidInput.of("begins_on", "must not be before today, nor in more than ten years")


def _require_period(schedule: InvoiceSchedule) -> None:
    """Require that a schedule invoices something in some period. Raises InvalidInput."""
    if not schedule.share:
        raise InvalidInput.of("percentage", "must be more than 0")
    if schedule.status == "ended":
        raise InvalidInput.of("ends_on", "leaves no period; delete the schedule instead")


def _acted_on(caller: Caller, schedule_id: str, if_match: str | None) -> InvoiceSchedule:
    found, standing = _seen(caller, schedule_id)
    standing.require_acting()
    versions.require(if_match, found.version)
    return found


def _seen(caller: Caller, schedule_id: str) -> tuple[InvoiceSchedule, Standing]:
    """Return a schedule that a caller may see, and who they are in its project. Raises InvoiceScheduleNotFound."""
    found = schedules.find(caller.tenant_id, schedule_id)
    if found is None:
        raise InvoiceScheduleNotFound
    own = project_members.key(caller.tenant_id, found.project_id, caller.user_id)
    standing = access.of_member(caller, table.get(own))
    if not standing.sees:
        raise InvoiceScheduleNotFound
    return found, standing
