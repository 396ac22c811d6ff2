"""The document of the table is the table: every pattern it names is in use, and it names every pattern in use."""

import re
from pathlib import Path

import pytest

from functions.goals import consumers
from functions.goals import goals as goal_entity
from functions.identity import api as identity
from shared import table
from tests.conftest import ScanCalled
from tests.doors import Context, call, http_event
from tests.goals.people import Person
from tests.goals.test_consumers import removal
from tests.identity.issuer import Issuer
from tests.wire_patterns import Seen, shape

DOCUMENT = (Path(__file__).parents[1] / "docs" / "dynamodb_single_table_model.md").read_text(encoding="utf-8")
PASSWORD = "a sentence is easy to remember"


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading of the document."""
    section = DOCUMENT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.fixture
def seen(aws: None) -> Seen:
    """Everything that the contexts ask of the table when each of their operations is used."""
    issuer = Issuer().publish()
    seen = Seen()
    seen.watch()
    work(sign_in("ada@example.com", issuer))
    return seen


def rest(method: str, path: str, body: object = None, **headers: str) -> dict:
    event = http_event(method, path, body, headers={name.replace("_", "-"): value for name, value in headers.items()})
    return call(identity.handler, identity.api, event).body


def sign_in(email: str, issuer: Issuer) -> Person:
    registration = {"email": email, "password": PASSWORD, "display_name": "Ada"}
    user = rest("POST", "/api/v1/auth/register", registration, idempotency_key="registering")
    rest("POST", "/api/v1/auth/register", registration, idempotency_key="registering")
    rest("POST", "/api/v1/auth/login", {"email": email, "password": "not the password"})
    token = rest("POST", "/api/v1/auth/login", {"email": email, "password": PASSWORD})["access_token"]
    rest("GET", "/api/v1/auth/me", authorization=f"Bearer {token}")
    rest("GET", "/.well-known/jwks.json")
    return Person(user["user_id"], user["tenant_id"], issuer)


def work(ada: Person) -> None:
    bob = Person(colleague_of(ada), ada.tenant_id, ada.issuer)
    goal = ada.sets_goal(answers={"firstStep": "Buy shoes."}, start_at="2026-01-01T00:00:00Z", deadline="2030-12-31")
    goal_id = goal["goal_id"]
    task = ada.adds_task(goal_id, due_at="2030-12-31T00:00:00Z")
    path = f"/goals/{goal_id}"
    ada.post(f"{path}/tasks/{task['task_id']}/complete", key="completing")
    ada.put(f"{path}/shares/{bob.user_id}", {"role": "contributor"})
    ada.patch(path, {"deadline": "2030-06-30"})
    for listed in ("/goals", "/goals/progress", "/milestone-achievements", f"{path}/tasks", f"{path}/shares"):
        ada.get(listed)
    for query in ("status=active", "sort=deadline"):
        ada.get("/goals", query)
    for read in ("", "/progress", "/milestones", f"/tasks/{task['task_id']}"):
        ada.get(f"{path}{read}")
        bob.get(f"{path}{read}")
    bob.get("/goals/shared")
    ada.ask("activeGoalsCount", {})
    ada.delete(f"{path}/shares/{bob.user_id}")
    ada.post("/goals/import", {"title": "Import", "start_at": "2026-01-01T00:00:00Z", "history": []}, key="importing")
    ada.delete(path)
    consumers.handler({"Records": [removal(goal_entity.key(ada.user_id, goal_id))]}, Context())


def colleague_of(ada: Person) -> str:
    from functions.identity import users  # noqa: PLC0415 - there is no route that adds a member yet
    from shared import clock  # noqa: PLC0415

    added = users.add(
        email="bob@example.com",
        password=PASSWORD,
        display_name="Bob",
        tenant_id=ada.tenant_id,
        role="member",
        now=clock.now(),
    )
    return added["user_id"]


def test_the_document_names_every_entity_and_no_other(seen: Seen):
    documented = {tuple(row[:5]) for row in rows("Entities")}

    assert seen.entities == documented


def test_the_document_names_every_read_and_no_other(seen: Seen):
    documented = {(row[1], row[2], row[3]) for row in rows("Access patterns")}

    assert seen.reads == documented


def test_only_these_operations_are_called(seen: Seen):
    assert seen.calls == {"BatchGetItem", "BatchWriteItem", "GetItem", "Query", "TransactWriteItems"}


def test_every_access_pattern_says_what_it_costs():
    without = [row[0] for row in rows("Access patterns") if not re.match(r"\d|½", row[4])]

    assert without == []


def test_a_sentence_has_a_line_of_its_own():
    prose = [line for line in DOCUMENT.splitlines() if line and not line.startswith(("|", "#", "-", " ", "```"))]

    assert [line for line in prose if re.search(r"[.:] [A-Z]", line)] == []


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("USER#user_01KAFWZZ2C4E6G8J0K3M5N7PQR", "USER#<userId>"),
        ("TASK#goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE#task_01KAFX4B1H6M9P2R5S8T0V3WXY", "TASK#<goalId>#<taskId>"),
        ("NEW#goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE", "NEW#<goalId>"),
        ("GOALSTATUS#active#", "GOALSTATUS#<status>#"),
    ],
)
def test_a_new_pattern_would_be_seen(key: str, expected: str):
    assert shape(key) == expected


def test_a_scan_would_be_refused(aws: None):
    with pytest.raises(ScanCalled):
        table.client().scan(TableName="milepost")
