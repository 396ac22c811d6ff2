"""The document of the table is the table: every pattern it names is in use, and it names every pattern in use."""

import json
import re
from pathlib import Path

import pytest

from functions.identity.access_tokens import consumers as consumers_of_identity
from functions.identity.accounts import tenants
from functions.milestones import happenings as milestone_happenings
from functions.milestones import milestones, schedule_consumers
from functions.milestones.projects import consumers as history_consumers
from shared import clock
from shared.api import rate_limits
from shared.aws.client import DYNAMODB, Client
from shared.storage import events, table
from tests.audience import people as gathering
from tests.audience.every_call import every_audience_call
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.aws.scheduler import make_surroundings
from tests.conftest import ScanCalled
from tests.goals.jobs.working import stage
from tests.goals.people import Person
from tests.goals.using import work
from tests.identity import people
from tests.identity.access_tokens.issuer import Issuer
from tests.identity.api_keys.key_holders import service_of
from tests.identity.audit.logs import stream
from tests.identity.codes.feedback import bounced, handled
from tests.identity.entries import rest
from tests.identity.oidc.browsers import Browser, running_provider
from tests.identity.profile.phones import confirms, wants
from tests.identity.second_factor.authenticators import enrolled
from tests.milestones import people as trackers
from tests.milestones.conftest import secret, wire
from tests.milestones.evaluation.wire import Wire
from tests.payments import people as paying
from tests.payments.every_call import every_payment_call
from tests.platform.wire_patterns import Seen, shape
from tests.projects import team
from tests.projects.every_call import every_project_call
from tests.search import using
from tests.search.conftest import search_stage
from tests.sequences import people as elementary
from tests.sequences.every_call import every_sequence_call
from tests.webhooks import people as listeners
from tests.webhooks.conftest import _stage

DOCUMENT = (Path(__file__).parents[2] / "docs" / "dynamodb_single_table_model.md").read_text(encoding="utf-8")


__all__ = ["_stage", "search_stage", "secret", "stage", "wire"]


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading of the document."""
    section = DOCUMENT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines[2:]]


_seen: list[Seen] = []


@pytest.fixture
def seen(request: pytest.FixtureRequest) -> Seen:
    """Everything that the contexts ask of the table when each of their operations is used, which is once a process."""
    if not _seen:
        _seen.append(request.getfixturevalue("all_is_used"))
    return _seen[0]


def let_burst(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything be called within seconds, which is more than the burst of a stage lets through."""
    monkeypatch.setenv("RATE_LIMIT", "200/500")
    rate_limits.forget()


@pytest.fixture
def all_is_used(
    otp: None,
    pepper: str,
    usual_limits: None,
    removals_queue: str,
    monkeypatch: pytest.MonkeyPatch,
    wire: Wire,
    _stage: None,
    stage: None,
    search_stage: None,
) -> Seen:
    make_surroundings(monkeypatch)
    let_burst(monkeypatch)
    issuer = Issuer().publish()
    seen = Seen()
    seen.watch()
    ada = sign_in()
    bob = ada.invites("bob", "member")
    work(Person(ada.user_id, ada.tenant_id, issuer), Person(bob.user_id, ada.tenant_id, issuer))
    govern(ada, bob)
    employ(ada)
    track(trackers.Person(ada.user_id, ada.tenant_id, issuer))
    tell(listeners.Person(ada.user_id, ada.tenant_id, issuer))
    carol = ada.invites("carol", "member")
    using.uses(using.Person(carol.user_id, ada.tenant_id, issuer))
    every_sequence_call(elementary.Person(carol.user_id, ada.tenant_id, issuer), monkeypatch)
    gather(ada, issuer, monkeypatch)
    run(ada, issuer)
    pay(ada, issuer)
    for shard in range(tenants.SHARDS):
        tenants.listed(shard, limit=1, cursor=None)
    leave(ada, bob)
    prove(ada)
    with running_provider(monkeypatch) as provider:
        provider.person |= {"email": "hedy@example.com"}
        Browser(provider).signs_in()
        provider.person |= {"sub": "somebody-who-got-the-address-later"}
        Browser(provider).signs_in()
    return seen


def sign_in() -> people.Person:
    registration = {"email": "ada@example.com", "password": people.PASSWORD, "display_name": "Ada"}
    for _ in range(2):
        ada = rest("POST", "/api/v1/auth/register", registration, headers={"idempotency-key": "registering"}).body
    rest("POST", "/api/v1/auth/login", {"email": "ada@example.com", "password": "not the password"})
    rest("POST", "/api/v1/auth/login", {"email": "nobody@example.com", "password": "not the password"})
    rest("GET", "/.well-known/jwks.json")
    consumers_of_identity.handler({"action": "rotate"}, Context())
    return people.Person(ada["user_id"], ada["tenant_id"], "ada@example.com", people.PASSWORD)


def govern(ada: people.Person, bob: people.Person) -> None:
    signed_in = ada.signs_in()
    for path in ("/api/v1/auth/me", "/api/v1/members", "/api/v1/invitations"):
        signed_in.get(path)
    signed_in.patch("/api/v1/auth/me", {"display_name": "Ada Lovelace"})
    invitation = signed_in.post("/api/v1/invitations", {"email": "eve@example.com", "role": "viewer"}, key="inviting")
    signed_in.delete(f"/api/v1/invitations/{invitation.body['invitation_id']}")
    signed_in.patch(bob.path, {"role": "admin"})
    signed_in.patch("/api/v1/tenant", {"name": "Engines"})
    signed_in.get("/api/v1/out-of-office")
    signed_in.put("/api/v1/out-of-office", {"starts_at": "2027-01-04T08:00:00Z", "ends_at": "2027-01-08T16:00:00Z"})
    people.refresh(signed_in.refresh_token)
    people.refresh(signed_in.refresh_token)


def employ(ada: people.Person) -> None:
    signed_in = ada.signs_in()
    service = service_of(signed_in, scopes=["identity:admin", "identity:read"])
    service.enters()
    service.calls("GET", "/api/v1/auth/me")
    signed_in.get(service.path)
    signed_in.post(f"{service.path}/rotate")
    signed_in.delete(service.path)
    told = {"partition": f"TENANT#{ada.tenant_id}", "subject_id": service.user_id, "tenant_id": ada.tenant_id}
    stream([events.occurred("identity.key.revoked", at=clock.now(), data={}, **told).item])
    signed_in.get("/api/v1/audit")


def track(ada: trackers.Person) -> None:
    first, second = ada.creates().body, ada.created(timeframe_to="2030-12-31")
    asked = json.dumps({"tenant_id": ada.tenant_id, "milestone_uid": second})
    schedule_consumers.handler(batch([asked]), Context())
    ada.adds_dependency(second, first["milestone_uid"])
    trackers.reports("m_unknown", "completed")
    trackers.reports(first["forse_milestone_id"], "completed")
    for query in ("", "project_id=project_123"):
        ada.get(query=query)
    found = milestones.read(ada.tenant_id, second)
    told = milestone_happenings.happened("updated", found, found.updated_at).item
    history_consumers.handler(delivered([events.stored(told)]), Context())
    for read in ("progress", "chart"):
        ada.get(f"/api/v1/projects/project_123/{read}")
    trackers.reconcile()
    ada.deletes(second)


def gather(ada: people.Person, issuer: Issuer, patch: pytest.MonkeyPatch) -> None:
    # On a quick machine Carol has no requests left.
    dora = ada.invites("dora", "admin")
    ada.signs_in().patch("/api/v1/tenant", {"currency": "EUR"})
    every_audience_call(gathering.Person(dora.user_id, ada.tenant_id, issuer), patch)


def run(ada: people.Person, issuer: Issuer) -> None:
    # On a quick machine the others have no requests left.
    named = (("grace", "admin"), ("hans", "member"))
    grace, hans = [ada.invites(name, role) for name, role in named]
    leading = team.Person(grace.user_id, ada.tenant_id, issuer, "admin")
    every_project_call(leading, team.Person(hans.user_id, ada.tenant_id, issuer))


def pay(ada: people.Person, issuer: Issuer) -> None:
    # On a quick machine the others have no requests left.
    frank = ada.invites("frank", "admin")
    every_payment_call(paying.Person(frank.user_id, ada.tenant_id, issuer))


def leave(ada: people.Person, bob: people.Person) -> None:
    bob.signs_in().post("/api/v1/auth/logout")
    signed_in = ada.signs_in()
    signed_in.delete(bob.path)
    signed_in.get("/api/v1/members/removed")
    ada.invites("bob", "member")
    signed_in.post("/api/v1/auth/logout-all")


def prove(ada: people.Person) -> None:
    signed_in = ada.signs_in()
    wants(signed_in)
    signed_in.post("/api/v1/auth/generate", {"username": ada.email})
    handled(bounced())
    signed_in.post("/api/v1/auth/verify", {"username": ada.email, "code": "000000"})
    confirms(signed_in, "000000")
    authenticator = enrolled(signed_in)
    authenticator.signs_in(recovery_code=authenticator.recovery_codes[0]).get("/api/v1/auth/otp")


def tell(ada: listeners.Person) -> None:
    endpoint = ada.listens("http://127.0.0.1:9/", max_per_minute=10_000)
    path = f"/{endpoint['endpoint_id']}"
    backbone = listeners.Backbone(seen={event.event_id for event in listeners.stored_events()})
    event = ada.completes_goal()
    backbone.runs()
    ada.post(f"{path}/test", key="testing")
    backbone.runs()
    ada.post(f"{path}/deliveries/{event.event_id}/replay")
    span = {"since": "2020-01-01T00:00:00Z", "until": "2040-01-01T00:00:00Z"}
    for status in ("failed", "any"):
        ada.post(f"{path}/replay", span | {"status": status})
    backbone.runs()
    backbone.sweeps()
    for listed in ("", path, f"{path}/deliveries", f"{path}/deliveries/{event.event_id}"):
        ada.get(listed)
    ada.get(f"{path}/deliveries", "status=failed")
    ada.post(f"{path}/rotate-secret")
    ada.delete(path)


def test_the_document_names_every_entity_and_no_other(seen: Seen):
    documented = {tuple(row[:5]) for row in rows("Entities") if row[0] != "Counter"}

    assert seen.entities == documented


def test_the_document_names_everything_that_is_added_to(seen: Seen):
    places = {tuple(row[1:3]) for row in rows("Entities")}
    counters = {tuple(row[1:3]) for row in rows("Entities") if row[0] == "Counter"}

    assert counters <= seen.counters <= places


def test_the_document_names_every_read_and_no_other(seen: Seen):
    documented = {(row[1], row[2], row[3]) for row in rows("Access patterns")}

    assert seen.reads == documented


def test_only_these_operations_are_called(seen: Seen):
    assert seen.calls == {"BatchGetItem", "BatchWriteItem", "GetItem", "Query", "TransactWriteItems", "UpdateItem"}


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
        Client(DYNAMODB, table.limits()).call("Scan", {"TableName": "milepost"})
