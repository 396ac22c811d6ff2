"""Random lives of everything that has a state: goals, tracked milestones, members, services and endpoints."""

import contextlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from functions.goals import lifecycle as goals
from functions.goals.shapes import GoalDraft, GoalPatch, ShareDraft, TaskDraft, TaskPatch
from functions.goals.sharing import shares
from functions.goals.tasks import lifecycle as tasks
from functions.identity.api_keys import keys
from functions.identity.scopes import SCOPES, Role
from functions.identity.tenancy import invitations, members, registrations
from functions.milestones import lifecycle as tracked
from functions.milestones import milestone_writes, milestones
from functions.milestones.report import Report
from functions.milestones.shapes import MilestoneDraft
from functions.webhooks import endpoint_lifecycle as endpoints
from functions.webhooks.endpoints import Endpoint, from_item, key
from infra.commands import restatements
from shared import clock
from shared.callers.auth import Caller
from shared.errors import Refusal
from shared.rates import Rate
from shared.storage import attributes, changes, events, table
from shared.storage.changes import Plan
from shared.storage.events import Event
from tests.aws.quick.table import QuickTable

PASSWORD = "a sentence is easy to remember"
ROLES: tuple[Role, ...] = ("viewer", "member", "admin", "owner")
KINDS = {
    "goals": ("sets", "patches", "moves", "deletes", "adds_task", "does_task", "weighs_task", "drops_task", "shares"),
    "milestones": ("tracks", "retargets", "reports", "forgets"),
    "identity": ("invites", "governs", "removes", "makes_key", "changes_key", "rotates_key", "revokes_key"),
    "webhooks": ("listens", "changes_endpoint", "rotates_secret", "fails", "deletes_endpoint"),
}


@dataclass
class World:
    """A tenant that changes, and its restatements: a page of them is read at one time and said at another."""

    table: QuickTable
    luck: random.Random
    time: Any
    contexts: tuple[str, ...]
    goal_ids: list[str] = field(default_factory=list)
    task_ids: list[tuple[str, str]] = field(default_factory=list)
    uids: list[str] = field(default_factory=list)
    people: dict[str, str] = field(default_factory=dict)
    endpoint_ids: list[str] = field(default_factory=list)
    said: list[Event] = field(default_factory=list)
    held: list[Event] = field(default_factory=list)
    reading: Iterator[restatements.Page] = field(default_factory=lambda: iter(()))

    def begins(self) -> None:
        """Let somebody found the tenant."""
        self.table.items.clear()
        founder = registrations.found_tenant(
            email="ada@example.com", password=PASSWORD, display_name="Ada", tenant_name="Engines", now=clock.now()
        )
        self.tenant_id = founder["tenant_id"]
        self.ada = self.caller(founder["user_id"])
        self.people[founder["user_id"]] = "ada@example.com"

    def caller(self, user_id: str) -> Caller:
        return Caller(user_id, self.tenant_id, ("owner",), frozenset(SCOPES["owner"]), None, ("pwd",), 0)

    def step(self) -> None:
        """Let one thing happen a second later; what is refused has not."""
        self.time.shift(1)
        kind = self.luck.choice(
            [*(each for of in self.contexts for each in KINDS[of]), "reads", "reads", "says", "waits"]
        )
        with contextlib.suppress(Refusal):
            getattr(self, f"_{kind}")()

    def happened(self) -> list[Event]:
        """Return all events that were written, in their order."""
        stored = (attributes.load(raw) for raw in self.table.items.values())
        written = (item for item in stored if item.get("entity") == "Event")
        return sorted((events.stored(item) for item in written), key=lambda each: each.event_id)

    def restated(self) -> list[Event]:
        """Return what is said when everything is restated now."""
        return [event for _, page in restatements.pages(self.tenant_id, None, None) for event in page]

    def _waits(self) -> None:
        self.time.shift(self.luck.choice([1, 60, 86_400, 40 * 86_400]))

    def _reads(self) -> None:
        page = next(self.reading, None)
        if page is None:
            self.reading = restatements.pages(self.tenant_id, None, None)
        else:
            self.held.extend(page[1])

    def _says(self) -> None:
        self.said, self.held = self.said + self.held, []

    def _sets(self) -> None:
        body = {"title": "Run", "category": self.luck.choice([None, "sport"]), "deadline": self._day()}
        self.goal_ids.append(goals.create(self.ada, GoalDraft.model_validate(body))["goal_id"])

    def _patches(self) -> None:
        sent = self.luck.choice([{"title": "Run far"}, {"category": "work"}, {"deadline": self._day()}])
        goals.patch(self.ada, self._any(self.goal_ids), GoalPatch.model_validate({**sent, "clamp_tasks": True}))

    def _moves(self) -> None:
        goals.transition(self.ada, self._any(self.goal_ids), self.luck.choice(sorted(goals.TRANSITIONS)))

    def _deletes(self) -> None:
        goals.delete(self.ada, self._any(self.goal_ids))

    def _adds_task(self) -> None:
        goal_id = self._any(self.goal_ids)
        draft = TaskDraft(title="Step", weight=self.luck.randint(1, 3))
        self.task_ids.append((goal_id, tasks.add(self.ada, goal_id, draft)["task_id"]))

    def _does_task(self) -> None:
        goal_id, task_id = self._any(self.task_ids)
        self.luck.choice([tasks.complete, tasks.complete, tasks.reopen])(self.ada, goal_id, task_id)

    def _weighs_task(self) -> None:
        sent = self.luck.choice([{"weight": self.luck.randint(1, 9)}, {"status": "cancelled"}])
        tasks.patch(self.ada, *self._any(self.task_ids), TaskPatch.model_validate(sent))

    def _drops_task(self) -> None:
        tasks.delete(self.ada, *self._any(self.task_ids))

    def _shares(self) -> None:
        goal_id, user_id = self._any(self.goal_ids), self._any(sorted(self.people))
        if self.luck.random() < 0.5:
            shares.give(self.ada, goal_id, user_id, ShareDraft(role="viewer"))
        else:
            shares.take_back(self.ada, goal_id, user_id)

    def _tracks(self) -> None:
        draft = MilestoneDraft(
            project_id="project_1",
            kpi_id="tvl",
            target=self.luck.randint(1, 9),
            sync_to_forse=self.luck.random() < 0.5,
            timeframe_to=self._day(),
        )
        self.uids.append(tracked.create(self.ada, draft).answer["milestone_uid"])

    def _retargets(self) -> None:
        tracked.retarget(self.ada, self._any(self.uids), Decimal(self.luck.randint(1, 9)))

    def _reports(self) -> None:
        """Let the evaluator have said something."""
        status = self.luck.choice(["in_progress", "completed", "missed", None])
        said = Report(status, Decimal(self.luck.randint(0, 9)))
        uid = self._any(self.uids)

        def plan() -> Plan[None]:
            found = milestones.read(self.tenant_id, uid)
            at = milestones.present(found)
            return Plan(None, milestone_writes.changed(found, milestones.reported(found, said, at), at))

        changes.make(plan)

    def _forgets(self) -> None:
        tracked.delete(self.ada, self._any(self.uids), from_evaluator=self.luck.random() < 0.5)

    def _invites(self) -> None:
        """Let somebody join: a new person, or one who was removed."""
        addresses = sorted({*self.people.values(), f"bob{len(self.people)}@example.com"} - {"ada@example.com"})
        email = self.luck.choice(addresses)
        given = invitations.give(self.ada, email=email, role=self.luck.choice(ROLES), now=clock.now())
        who = {"email": email, "password": PASSWORD, "display_name": "Bob"}
        user = registrations.accept_invitation(token=given["token"], **who, now=clock.now())
        self.people[user["user_id"]] = email

    def _governs(self) -> None:
        wanted = self.luck.choice([{"disabled": True}, {"disabled": False}, {"role": self.luck.choice(ROLES)}])
        members.change(self.ada, self._bob(), wanted, if_match=None, now=clock.now())

    def _removes(self) -> None:
        members.remove(self.ada, self._bob(), if_match=None, now=clock.now())

    def _makes_key(self) -> None:
        scopes = ["goals:read"]
        more: dict[str, Any] = {"expires_at": None, "rate_limit": None, "now": clock.now()}
        keys.create(self.ada, service_name=self._service(), scopes=scopes, **more)

    def _changes_key(self) -> None:
        disabled, rate = self.luck.choice([(True, None), (False, None), (None, Rate(self.luck.randint(1, 9), 20))])
        more: dict[str, Any] = {"if_match": None, "now": clock.now()}
        keys.change(self.ada, self._service(), disabled=disabled, rate_limit=rate, **more)

    def _rotates_key(self) -> None:
        keys.rotate(self.ada, self._service(), grace_seconds=0, now=clock.now())

    def _revokes_key(self) -> None:
        keys.revoke(self.ada, self._service(), now=clock.now())

    def _listens(self) -> None:
        fields = {"url": "https://hooks.example/in", "description": "", "event_types": [], "max_per_minute": None}
        self.endpoint_ids.append(endpoints.create(self.ada, fields)["endpoint_id"])

    def _changes_endpoint(self) -> None:
        sent = self.luck.choice([{"disabled": True}, {"disabled": False}, {"description": "The second"}])
        endpoints.patch(self.ada, self._any(self.endpoint_ids), sent, if_match=None)

    def _rotates_secret(self) -> None:
        endpoints.rotate(self.ada, self._any(self.endpoint_ids), grace_seconds=0)

    def _fails(self) -> None:
        """Let an endpoint have answered that it is gone."""
        endpoint = self._endpoint()
        if endpoint is not None:
            changes.make(lambda: Plan(None, endpoints.failed(endpoint, None, is_gone=True, now=clock.now())))

    def _deletes_endpoint(self) -> None:
        endpoints.delete(self.ada, self._any(self.endpoint_ids), if_match=None)

    def _endpoint(self) -> Endpoint | None:
        item = table.get(key(self.tenant_id, self._any(self.endpoint_ids)), consistent=True)
        return None if item is None else from_item(item)

    def _service(self) -> str:
        return self.luck.choice(["nightly", "hourly"])

    def _bob(self) -> str:
        return str(self._any(sorted({*self.people} - {self.ada.user_id})))

    def _day(self) -> str | None:
        days = self.luck.choice([None, 30, 400])
        return None if days is None else clock.to_rfc3339(clock.now() + days * clock.DAY)[:10]

    def _any(self, known: list[Any]) -> Any:
        if not known:
            raise Nothing("There is none yet.")
        return self.luck.choice(known)


class Nothing(Refusal):
    """Nothing is there that this could happen to."""
