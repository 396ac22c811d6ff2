"""Goals and tracked milestones that milestones of projects follow, and the events between the three contexts."""

import json
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from functions.goals.schedules import consumers as goal_schedules
from functions.milestones import milestone_writes, milestones, schedule_consumers
from functions.milestones.report import Report
from functions.projects.following import consumers
from shared import clock
from shared.messaging import bus
from shared.storage import events, table
from shared.storage.events import Event
from tests.aws.entries import Context
from tests.aws.messages import delivered
from tests.goals.people import Person as Owner
from tests.milestones.people import Person as Tracker
from tests.projects.following.telling import of_milestone
from tests.projects.team import Person

HEARD = {
    *(f"goals.milestone.{what}" for what in ("achieved", "regained", "lost")),
    *(f"goals.goal.{what}" for what in ("unshared", "deleted", "stated")),
    *(f"milestones.milestone.{what}" for what in ("updated", "completed", "missed", "deleted", "stated")),
}
"""What a rule brings to the consumer of projects from the two other contexts."""
ASKED = {
    "projects.milestone.goal_bound": goal_schedules.handler,
    "projects.milestone.kpi_bound": schedule_consumers.handler,
}
DONE = {"batchItemFailures": []}


@dataclass
class Answers:
    """The bus, as far as contexts put on it how a subject is."""

    stated: list[Event] = field(default_factory=list)

    def put(self, params: dict[str, Any], **_: object) -> dict[str, Any]:
        sent = json.loads(params["body"])["Entries"]
        self.stated += [bus.read({"detail": json.loads(each["Detail"])}) for each in sent]
        return {"Entries": [{"EventId": "1"}] * len(sent)}

    def taken(self) -> list[Event]:
        taken, self.stated = self.stated, []
        return taken


@dataclass(frozen=True)
class Goal:
    """A goal of somebody with four tasks of the same weight."""

    owner: Owner
    goal_id: str
    tasks: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, person: Person, **more: Any) -> "Goal":
        owner = Owner(person.user_id, person.tenant_id, person.issuer)
        goal_id = str(owner.sets_goal(**more)["goal_id"])
        return cls(owner, goal_id, tuple(owner.adds_task(goal_id) for _ in range(4)))

    def does(self, *numbers: int) -> None:
        for number in numbers:
            assert self.owner.completes(self.tasks[number]).status == 200

    def undoes(self, number: int) -> None:
        task = self.tasks[number]
        assert self.owner.post(f"/goals/{self.goal_id}/tasks/{task['task_id']}/reopen").status == 200

    def shares(self, person: Person) -> None:
        shared = self.owner.put(f"/goals/{self.goal_id}/shares/{person.user_id}", {"role": "viewer"})
        assert shared.status == 200, shared.body

    def withdraws(self, person: Person) -> None:
        assert self.owner.delete(f"/goals/{self.goal_id}/shares/{person.user_id}").status == 204

    @property
    def happened(self) -> list[Event]:
        place = f"USER#{self.owner.user_id}"
        return [events.stored(item) for item in table.query_all(place, events.prefix(self.goal_id))]


@dataclass(frozen=True)
class Kpi:
    """A tracked milestone whose target is 1,000; the evaluator's word is written without one."""

    tracker: Tracker
    uid: str

    @classmethod
    def of(cls, person: Person, **more: Any) -> "Kpi":
        tracker = Tracker(person.user_id, person.tenant_id, person.issuer)
        return cls(tracker, tracker.created(target=1000, sync_to_forse=False, **more))

    def stands(self, value: int, status: str = "in_progress") -> None:
        found, now = milestones.read(self.tracker.tenant_id, self.uid), clock.now()
        said = Report(status=status, current_value=Decimal(value))
        after = milestones.reported(found, said, now)
        table.transact(milestone_writes.changed(found, after, now))

    @property
    def happened(self) -> list[Event]:
        place = f"TENANT#{self.tracker.tenant_id}#TRACKED#{self.uid}"
        return [events.stored(item) for item in table.query_all(place, events.prefix(self.uid))]


@dataclass
class World:
    """What is still to be told, and to whom."""

    ada: Person
    answers: Answers
    told: set[str] = field(default_factory=set)

    def settles(self, *milestones: str, by: Iterable[Goal | Kpi] = (), shuffled: random.Random | None = None) -> None:
        """Deliver what has happened, twice, until nothing more does; in any order if `shuffled`."""
        sources = [*by]
        while fresh := self._fresh(milestones, sources):
            if shuffled is None:
                batches = [fresh, fresh]
            else:
                batches = [[each] for each in shuffled.sample([*fresh, *fresh], 2 * len(fresh))]
            for batch in batches:
                self._deliver(batch)

    def _fresh(self, milestones: Iterable[str], by: Iterable[Goal | Kpi]) -> list[Event]:
        found = [each for milestone in milestones for each in of_milestone(self.ada, milestone)]
        found += [each for source in by for each in source.happened]
        fresh = [each for each in found if each.event_id not in self.told]
        self.told |= {each.event_id for each in fresh}
        return [*fresh, *self.answers.taken()]

    def _deliver(self, batch: list[Event]) -> None:
        for event_type, handler in ASKED.items():
            asking = [each for each in batch if each.event_type == event_type]
            assert handler(delivered(asking), Context()) == DONE
        heard = [each for each in batch if each.event_type in HEARD or each.event_type.startswith("projects.")]
        assert consumers.handler(delivered(heard), Context()) == DONE


def follows(goal: Goal, threshold: int | None = None) -> dict[str, Any]:
    """Return what binds a milestone to a goal."""
    bound: dict[str, Any] = {"progress_source": "goal", "source_id": goal.goal_id}
    return bound if threshold is None else bound | {"source_threshold": threshold}


def tracks(kpi: Kpi) -> dict[str, Any]:
    """Return what binds a milestone to a tracked milestone."""
    return {"progress_source": "kpi", "source_id": kpi.uid}
