"""Schedules of invoices: each period once, whatever is late, twice or at once, in every zone."""

import contextlib
import json
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine

from functions.payments.releases import consumers
from functions.payments.reports import rebuilding
from functions.payments.schedules import running, schedules
from shared.callers import tenant_settings
from shared.errors import Unavailable
from shared.messaging import timers
from shared.storage import table
from tests.aws import troubles
from tests.aws.entries import Answer, Context
from tests.aws.messages import batch
from tests.aws.races import at_once
from tests.payments.people import Person
from tests.payments.reports.firms import Firm

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Scheduling:
    """A firm at noon of one day, and who asks for its schedules."""

    def __init__(self, ada: Person, time: time_machine.Traveller, zone: str = "UTC") -> None:
        tenant_settings.forget()
        self.time, self.firm = time, Firm(zone)
        self.boss = Person(self.firm.ada.user_id, self.firm.tenant_id, ada.issuer)
        self.milestone = self.firm.milestone(self.firm.project("Royal Society"), 100_000, "EUR")

    def makes(self, **more: Any) -> str:
        made = self.asks(**more)
        assert made.status == 201, made.body
        return str(made.body["invoice_schedule_id"])

    def asks(self, **more: Any) -> Answer:
        draft = {
            "project_milestone_id": self.milestone,
            "every": "month",
            "begins_on": "2026-11-30",
            "percentage": "10",
        }
        return self.boss.post("/invoice-schedules", {**draft, **more})

    def show(self, schedule_id: str) -> dict[str, Any]:
        return dict(self.boss.get(f"/invoice-schedules/{schedule_id}").body)

    def changes(self, schedule_id: str, **fields: Any) -> Answer:
        return self.boss.rest("PATCH", f"/invoice-schedules/{schedule_id}", fields)

    def on(self, day: str, hour: str = "12:00") -> None:
        self.time.move_to(datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=UTC))

    def sweeps(self) -> int:
        """Bring what is due to the function, as the sweep and the queue do, twice; return how much that was."""
        shards = [timers.partition(schedules.KIND, each) for each in range(timers.SHARDS)]
        due = f"DUE#{datetime.now(UTC).isoformat(timespec='milliseconds').removesuffix('+00:00')}Z~"
        items = [item for each in shards for item in table.query(each, "DUE#", index=True, limit=100).items]
        found = [timers.message_of(item) for item in items if item["GSI1SK"] <= due]
        for _ in range(2):
            assert consumers.handler(batch([json.dumps(each) for each in found]), Context()) == {
                "batchItemFailures": []
            }  # type: ignore[arg-type]
        return len(found)

    def supplied(self) -> list[str]:
        """Return the days of supply of the invoices, the first first."""
        found = self.boss.get("/invoices", "limit=100").body["items"]
        return sorted(each["supplied_on"] for each in found)


@pytest.fixture
def time(aws: None) -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def scheduling(ada: Person, time: time_machine.Traveller) -> Scheduling:
    return Scheduling(ada, time)


def test_each_period_is_invoiced_once_as_it_begins(scheduling: Scheduling):
    made = scheduling.makes(begins_on="2026-12-31")
    for day in ("2026-12-30", "2026-12-31", "2026-12-31", "2027-01-31", "2027-02-27", "2027-02-28", "2027-03-31"):
        scheduling.on(day)
        scheduling.sweeps()

    assert scheduling.supplied() == ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]
    shown = scheduling.show(made)
    assert (shown["status"], shown["next_on"]) == ("active", "2027-04-30")
    assert rebuilding.rebuild(scheduling.firm.tenant_id) == 0


def test_what_was_missed_is_made_up_and_the_last_period_has_what_is_left(scheduling: Scheduling):
    made = scheduling.makes(percentage="30")
    scheduling.on("2027-06-15")
    scheduling.sweeps()

    assert scheduling.supplied() == ["2026-11-30", "2026-12-30", "2027-01-30", "2027-02-28"]
    amounts = [each["net_minor_units"] for each in scheduling.boss.get("/invoices", "limit=100").body["items"]]
    assert sorted(amounts) == [10_000, 30_000, 30_000, 30_000]
    shown = scheduling.show(made)
    assert (shown["status"], shown["reason"], shown["next_on"]) == ("ended", "invoiced", None)
    assert scheduling.sweeps() == 0


def test_several_at_once_invoice_a_period_once(scheduling: Scheduling):
    made = scheduling.makes()
    scheduling.on("2026-12-15")
    at_once(*[partial(running.run, scheduling.firm.tenant_id, made)] * 8)

    assert scheduling.supplied() == ["2026-11-30"]


@pytest.mark.parametrize("takes_effect", [True, False])
@pytest.mark.parametrize("number", range(1, 8))
def test_whoever_dies_anywhere_leaves_what_the_sweep_completes(scheduling: Scheduling, number: int, takes_effect: bool):  # noqa: FBT001
    made = scheduling.makes()
    scheduling.on("2026-12-30")
    with troubles.dying_at(number, takes_effect=takes_effect), contextlib.suppress(Unavailable):
        running.run(scheduling.firm.tenant_id, made)
    scheduling.sweeps()

    assert scheduling.supplied() == ["2026-11-30", "2026-12-30"]


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Pacific/Kiritimati", "2026-11-29T09:59", "2026-11-29T10:00"),
        ("Pacific/Niue", "2026-11-30T10:59", "2026-11-30T11:00"),
        ("Europe/Berlin", "2026-11-29T22:59", "2026-11-29T23:00"),
        ("America/Sao_Paulo", "2026-11-30T02:59", "2026-11-30T03:00"),
    ],
)
def test_a_period_begins_with_its_day_in_the_zone_of_the_tenant(
    ada: Person, time: time_machine.Traveller, zone: str, before: str, after: str
):
    scheduling = Scheduling(ada, time, zone)
    scheduling.makes()
    scheduling.on(*before.split("T"))
    early = scheduling.sweeps()
    scheduling.on(*after.split("T"))
    scheduling.sweeps()

    assert early == 0
    assert scheduling.supplied() == ["2026-11-30"]


def test_a_period_on_each_side_of_a_change_of_clocks_begins_at_midnight(ada: Person, time: time_machine.Traveller):
    scheduling = Scheduling(ada, time, "Europe/Berlin")
    scheduling.makes(every="week", begins_on="2027-03-25")
    found = []
    for day, hour in (
        ("2027-03-24", "22:59"),
        ("2027-03-24", "23:00"),
        ("2027-03-31", "21:59"),
        ("2027-03-31", "22:00"),
    ):
        scheduling.on(day, hour)
        found.append(scheduling.sweeps())

    assert found == [0, 1, 0, 1]
    assert scheduling.supplied() == ["2027-03-25", "2027-04-01"]


def test_a_milestone_that_is_not_ready_waits_a_day_and_says_why(scheduling: Scheduling):
    gate = table.query(f"TENANT#{scheduling.firm.tenant_id}#PMS#{scheduling.milestone}", "0GATE", limit=1).items[0]
    table.put_many([gate | {"status": "in_progress"}])
    made = scheduling.makes()
    scheduling.on("2026-11-30")
    scheduling.sweeps()
    waiting = scheduling.show(made)
    table.put_many([gate])
    scheduling.time.shift(timedelta(days=1))
    scheduling.sweeps()

    assert (waiting["status"], waiting["reason"], waiting["next_on"]) == ("active", "MilestoneNotReady", "2026-11-30")
    assert scheduling.supplied() == ["2026-11-30"]
    assert scheduling.show(made)["reason"] is None


def test_a_cancelled_milestone_ends_its_schedule(scheduling: Scheduling):
    made = scheduling.makes()
    gate = table.query(f"TENANT#{scheduling.firm.tenant_id}#PMS#{scheduling.milestone}", "0GATE", limit=1).items[0]
    table.put_many([gate | {"status": "cancelled"}])
    scheduling.on("2026-11-30")
    scheduling.sweeps()

    assert scheduling.show(made)["reason"] == "milestone_cancelled"
    assert scheduling.supplied() == []
    assert scheduling.changes(made, percentage="20").body["code"] == "InvoiceScheduleEnded"


def test_what_begins_in_a_pause_is_left_out(scheduling: Scheduling):
    made = scheduling.makes()
    scheduling.changes(made, paused=True)
    scheduling.on("2027-01-15")
    swept = scheduling.sweeps()
    resumed = scheduling.changes(made, paused=False)
    scheduling.on("2027-01-30")
    scheduling.sweeps()

    assert (swept, resumed.body["next_on"]) == (0, "2027-01-30")
    assert scheduling.supplied() == ["2027-01-30"]


def test_it_ends_after_its_last_day(scheduling: Scheduling):
    made = scheduling.makes(ends_on="2026-12-30")
    scheduling.on("2027-06-01")
    scheduling.sweeps()

    assert scheduling.supplied() == ["2026-11-30", "2026-12-30"]
    assert scheduling.show(made)["reason"] == "over"


def test_a_deleted_one_invoices_nothing(scheduling: Scheduling):
    made = scheduling.makes()
    stale = scheduling.boss.rest("DELETE", f"/invoice-schedules/{made}", headers={"if-match": '"7"'})
    assert (stale.status, scheduling.boss.rest("DELETE", f"/invoice-schedules/{made}").status) == (412, 204)
    scheduling.on("2026-12-01")

    assert scheduling.sweeps() == 0
    assert scheduling.boss.get(f"/invoice-schedules/{made}").status == 404


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"begins_on": "2026-11-19"}, "begins_on"),
        ({"begins_on": "9999-12-31"}, "begins_on"),
        ({"begins_on": "2026-11-31"}, "begins_on"),
        ({"ends_on": "2026-11-29"}, "ends_on"),
        ({"percentage": "0"}, "percentage"),
        ({"every": "fortnight"}, "every"),
    ],
)
def test_what_cannot_be_scheduled_is_refused(scheduling: Scheduling, sent: dict[str, Any], field: str):
    refused = scheduling.asks(**sent)

    assert refused.status in (400, 422)
    assert [each["field"] for each in refused.body["errors"]] == [field]
    assert scheduling.boss.get("/invoice-schedules").body["items"] == []


def test_only_those_who_see_the_money_see_the_schedule(scheduling: Scheduling):
    made = scheduling.makes()
    member = scheduling.boss.acting_as("member")

    assert member.get("/invoice-schedules").body["items"] == []
    assert member.get(f"/invoice-schedules/{made}").status == 404
    assert scheduling.boss.ask("invoiceSchedules").data["items"][0]["invoiceScheduleId"] == made
