"""A schedule of invoices: its record, its keys, its timer, and its events.

It says which period is the next. Each period has a lock, which is written with its invoice, so it has one.
"""

from datetime import date
from typing import Any, Final, Literal, NamedTuple

from functions.payments.money import rates
from functions.payments.schedules import periods
from functions.payments.schedules.periods import Every
from shared import clock, days, ids
from shared.clock import Instant
from shared.errors import NotFound
from shared.messaging import timers
from shared.messaging.timers import Timer
from shared.storage import events, records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Delete, Put, unchanged

Status = Literal["active", "paused", "ended"]
View = dict[str, Any]

ID: Final = "ivs"
KIND: Final = "payments.schedule"
"""What its timers are known as."""
PREFIX: Final = "SCHEDULE#"


class InvoiceScheduleNotFound(NotFound):
    """404: there is no schedule with this id in a project whose money is for you."""

    def __init__(self) -> None:
        super().__init__("There is no schedule of invoices with this id in a project whose money is for you.")


class InvoiceSchedule(NamedTuple):
    """A schedule as it is stored. The share is what each period invoices, in millionths of the milestone.

    `periods` are those that are over, invoiced or left out; `next_on` is the day of the next one, None once it has
    ended. `due_at` is when it is looked at by itself, `reason` why the next one waits, or why it has ended.
    """

    tenant_id: str
    invoice_schedule_id: str
    project_id: str
    project_milestone_id: str
    every: Every
    begins_on: str
    share: int
    created_by: str
    created_at: str
    updated_at: str
    version: int
    status: Status = "active"
    note: str = ""
    ends_on: str | None = None
    periods: int = 0
    next_on: str | None = None
    due_at: str | None = None
    reason: str | None = None
    last_invoice_id: str | None = None

    def at(self, number: int, time_zone: str) -> "InvoiceSchedule":
        """Return the schedule with this period as the next one, ended if there is none."""
        day = periods.day(date.fromisoformat(self.begins_on), self.every, number)
        if self.ends_on is not None and day.isoformat() > self.ends_on:
            return self._replace(periods=number).ended("over")
        due_at = clock.to_rfc3339(days.start_of(day, time_zone)) if self.status == "active" else None
        return self._replace(periods=number, next_on=day.isoformat(), due_at=due_at, reason=None)

    def ended(self, reason: str) -> "InvoiceSchedule":
        """Return the schedule as it is once it has ended."""
        return self._replace(status="ended", next_on=None, due_at=None, reason=reason)

    def touched(self, now: Instant) -> "InvoiceSchedule":
        """Return the schedule as its next version."""
        return self._replace(version=self.version + 1, updated_at=clock.to_rfc3339(now))


def listing(tenant_id: str) -> str:
    """Return the partition of the schedules of a tenant."""
    return f"TENANT#{tenant_id}#INVSCHEDULES"


def partition(tenant_id: str, schedule_id: str) -> str:
    """Return the partition of what has come of a schedule. Raises InvoiceScheduleNotFound for an id of none."""
    if not ids.is_valid(schedule_id, ID):
        raise InvoiceScheduleNotFound
    return f"TENANT#{tenant_id}#INVSCHEDULE#{schedule_id}"


def key(tenant_id: str, schedule_id: str) -> Key:
    """Return the key of a schedule. Raises InvoiceScheduleNotFound."""
    partition(tenant_id, schedule_id)
    return Key(listing(tenant_id), f"{PREFIX}{schedule_id}")


def find(tenant_id: str, schedule_id: str) -> InvoiceSchedule | None:
    """Return a schedule as it is now, None if there is none; one call. Raises InvoiceScheduleNotFound."""
    item = table.get(key(tenant_id, schedule_id), consistent=True)
    return None if item is None else from_item(item)


def from_item(item: Item) -> InvoiceSchedule:
    """Return the schedule of an item."""
    return records.from_item(InvoiceSchedule, item)


def born(schedule: InvoiceSchedule) -> Put:
    """Return the write of a new schedule."""
    return Put(_item(schedule), ABSENT)


def changed(before: InvoiceSchedule, after: InvoiceSchedule) -> Put:
    """Return the write that changes a schedule, which is still at the version that was read."""
    return Put(_item(after), unchanged(before.version))


def removed(schedule: InvoiceSchedule) -> Delete:
    """Return the write that removes a schedule; the locks of its periods stay."""
    return Delete(key(schedule.tenant_id, schedule.invoice_schedule_id), unchanged(schedule.version))


def period(schedule: InvoiceSchedule, invoice_id: str) -> Put:
    """Return the write by which the next period has its invoice, and no other ever."""
    place = Key(partition(schedule.tenant_id, schedule.invoice_schedule_id), f"PERIOD#{schedule.next_on}")
    return Put({"PK": place.pk, "SK": place.sk, "entity": "InvoicedPeriod", "invoice_id": invoice_id}, ABSENT)


def view(schedule: InvoiceSchedule) -> View:
    """Return what callers see of a schedule."""
    shown = schedule._asdict()
    for name in ("tenant_id", "share", "due_at", "periods"):
        del shown[name]
    return shown | {"percentage": rates.to_percent(schedule.share)}


def happened(what: str, schedule: InvoiceSchedule, at: Instant) -> Put:
    """Return the write of the event `payments.invoice_schedule.<what>`, which has no text that people wrote."""
    return events.occurred(
        f"payments.invoice_schedule.{what}",
        partition=partition(schedule.tenant_id, schedule.invoice_schedule_id),
        subject_id=schedule.invoice_schedule_id,
        tenant_id=schedule.tenant_id,
        at=at,
        data={
            "invoice_schedule_id": schedule.invoice_schedule_id,
            "invoice_schedule_version": schedule.version,
            "project_id": schedule.project_id,
            "project_milestone_id": schedule.project_milestone_id,
            "status": schedule.status,
        },
    )


def _item(schedule: InvoiceSchedule) -> Item:
    item = records.to_item(key(schedule.tenant_id, schedule.invoice_schedule_id), "InvoiceSchedule", schedule)
    if schedule.due_at is None:
        return item
    at, told = clock.from_rfc3339(schedule.due_at), {"tenant_id": schedule.tenant_id}
    message = {**told, "invoice_schedule_id": schedule.invoice_schedule_id}
    timer = Timer(KIND, schedule.invoice_schedule_id, schedule.tenant_id, at, message, str(schedule.version))
    return item | timers.attributes(timer, look_at=at)
