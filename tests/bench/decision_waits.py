"""How long people wait after a decision on a deployed local stage: for their worklist, and for the money.

A milestone is proved by two people, one after the other. The first decision puts it on the worklist of the second
person; the second decision approves it, and so issues an invoice, whose payment the embedded ledger settles.
"""

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

from infra.demo import team
from infra.demo.account import Account, signed_in
from infra.demo.projects import MILESTONES, PROJECTS, post
from infra.stage.deployment import Addresses
from infra.stage.sign_in import sign_in
from tests.bench.figures import Figure

TURNS = 9
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.05
WORKLIST_SECONDS = 2.0
SETTLED_SECONDS = 3.0
PASSWORD = "a bench of decisions"
SELLER = {"name": "Analytical Engines Ltd", "address": ["1 Dorset Street", "London"]}
DRAFT = {"title": "Mill", "kind": "deliverable", "amount_minor_units": 700_001}


def measure(stack: Addresses) -> list[Figure]:
    """Return the figures of a stage that is there."""
    manager = _manager(stack)
    first, second = (_member(manager, name) for name in ("First", "Second"))
    waits = [_turn(manager, first, second, _project(manager, first, second)) for _ in range(TURNS)]
    # What the functions need to start is not the wait of every day.
    return judged([seen for seen, _ in waits[1:]], [settled for _, settled in waits[1:]])


def judged(seen: list[float], settled: list[float]) -> list[Figure]:
    """Return the figures of waits in seconds, each from before the request of a decision."""
    return [
        Figure("from a decision to the next person's worklist: median", median(seen), "s", WORKLIST_SECONDS),
        Figure("from the last decision to a settled payment: median", median(settled), "s", SETTLED_SECONDS),
    ]


def _manager(stack: Addresses) -> Account:
    email = "grace@milepost.example"
    entered = sign_in(api_url=stack.api_url, email=email, password=PASSWORD, display_name="Grace")
    manager = Account(api_url=stack.api_url, token=entered.access_token)
    manager.patch("/api/v1/payment-settings", {"seller": SELLER, "auto_release_limits": {"EUR": 10**9}})
    return manager


def _member(manager: Account, name: str) -> Account:
    email = f"{name.lower()}@milepost.example"
    team.join(manager, email=email, role="member", name=name, password=PASSWORD)
    return signed_in(manager, email=email, password=PASSWORD)


def _project(manager: Account, *people: Account) -> str:
    """Return the path of a new project in which these people decide."""
    client = {"name": "Royal Society", "address": "Burlington House"}
    made = post(manager, PROJECTS, {"name": "Engine", "currency": "EUR", "client": client})
    project = f"{PROJECTS}/{made['project_id']}"
    for person in people:
        manager.put(f"{project}/members/{_id(person)}", {"roles": ["verifier"]})
    return project


def _turn(manager: Account, first: Account, second: Account, project: str) -> tuple[float, float]:
    """Return how long the second person waited for their worklist, and then the money for them, in seconds."""
    layers = [
        {"level": level, "name": name, "mode": "any", "approvers": [{"user": _id(person)}]}
        for level, name, person in ((1, "Inspection", first), (2, "Audit", second))
    ]
    made = post(manager, f"{project}/project-milestones", {**DRAFT, "verification_policy": {"layers": layers}})
    path = f"{MILESTONES}/{made['project_milestone_id']}"
    post(manager, f"{path}/owners", {"user_id": _id(manager), "role": "primary"})
    for step in ("activate", "start", "complete"):
        post(manager, f"{path}/{step}")
    seen = _waited(lambda: _approve(first, path), lambda: _has(second, made["project_milestone_id"]))
    return seen, _waited(lambda: _approve(second, path), lambda: _is_settled(manager, path))


def _waited(act: Callable[[], None], is_seen: Callable[[], bool]) -> float:
    began = time.monotonic()
    act()
    while not is_seen():
        if time.monotonic() > began + PATIENCE_SECONDS:
            raise TimeoutError(f"nothing after {PATIENCE_SECONDS} s")
        time.sleep(PAUSE_SECONDS)
    return time.monotonic() - began


def _approve(person: Account, path: str) -> None:
    layer = next(each for each in _items(person, f"{path}/verifications") if each["status"] == "open")
    sent = {"decision": "approve", "subject_digest": layer["subject_digest"]}
    post(person, f"/api/v1/verifications/{layer['verification_id']}/decisions", sent)


def _has(person: Account, milestone_id: str) -> bool:
    return milestone_id in str(_items(person, "/api/v1/worklist"))


def _is_settled(manager: Account, path: str) -> bool:
    invoices = _items(manager, f"{path}/invoices")
    paid = [each["payment_id"] for each in invoices if each["payment_id"] is not None]
    return bool(paid) and manager.get(f"/api/v1/payments/{paid[0]}")["status"] == "completed"


def _items(person: Account, path: str) -> list[Mapping[str, Any]]:
    return list(person.get(path)["items"])


def _id(person: Account) -> str:
    return str(person.get("/api/v1/auth/me")["user_id"])
