from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import boto3
import pytest
import time_machine
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import Table, dynamodb_backends

from shared import config, ids
from shared.callers import auth
from shared.callers.auth import Caller
from shared.storage import events, table
from tests.aws import hooks
from tests.aws.quick.table import QuickTable, everything
from tests.conftest import make_table, refuse_scan
from tests.goals.catalogue import Scene
from tests.goals.people import Person
from tests.identity.access_tokens.issuer import Issuer
from tests.platform import declared

Stored = Callable[[], dict[tuple[str, str], dict[str, Any]]]
Happened = Callable[[Person, str], list[dict[str, Any]]]
Travel = Callable[[str], None]


@pytest.fixture(scope="module")
def _dynamodb() -> Iterator[Any]:
    """Mock AWS and make the table once for all tests of a module: doing it anew takes longer than a test."""
    with mock_aws():
        make_table()
        # moto copies the table for every transaction, and with it all that ever went into its stream.
        the_table().stream_shard = None
        yield boto3.client("dynamodb")


def the_table() -> Table:
    """Return moto's own record of the table."""
    return dynamodb_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"].tables[config.table_name()]


@pytest.fixture
def aws(_dynamodb: Any, quick_table: QuickTable | None) -> Iterator[None]:
    """Give the test an empty table and a client of its own; a Scan fails it."""
    the_table().items.clear()
    hooks.forget()
    auth.forget()
    hooks.register("before-call.dynamodb.Scan", refuse_scan)
    if quick_table is not None:
        quick_table.stand_in()
    yield
    declared.hold_events()
    hooks.forget()


@pytest.fixture
def issuer(aws: None) -> Issuer:
    return Issuer().publish()


def person(issuer: Issuer, tenant_id: str) -> Person:
    somebody = Person(ids.new("user"), tenant_id, issuer)
    enrol(somebody)
    return somebody


def enrol(somebody: Person | Caller, *, role: str = "member", disabled: bool = False) -> None:
    """Make somebody a member of their tenant, or another one than they were, as identity would."""
    pk, sk = auth.membership_key(somebody.tenant_id, somebody.user_id)
    member = {"user_id": somebody.user_id, "role": role, "disabled": disabled, "version": 1}
    table.put_many([{"PK": pk, "SK": sk, "entity": "Member", **member}])


def expel(somebody: Person) -> None:
    """Remove somebody from their tenant, as identity would."""
    table.delete_many([auth.membership_key(somebody.tenant_id, somebody.user_id)])


@pytest.fixture
def ada(issuer: Issuer) -> Person:
    return person(issuer, ids.new("tenant"))


@pytest.fixture
def bob(ada: Person) -> Person:
    """Somebody of Ada's tenant."""
    return person(ada.issuer, ada.tenant_id)


@pytest.fixture
def eve(ada: Person) -> Person:
    """A stranger: of another tenant."""
    return person(ada.issuer, ids.new("tenant"))


@pytest.fixture
def olga(ada: Person) -> Person:
    """An owner of Ada's tenant."""
    olga = person(ada.issuer, ada.tenant_id)
    enrol(olga, role="owner")
    return olga


@pytest.fixture
def scene(travel: Travel, ada: Person, bob: Person) -> Scene:
    """A goal of Ada's with a task, shared with Bob to look at, at noon of 2026-11-20."""
    travel("2026-11-20T12:00:00Z")
    goal = ada.sets_goal()
    task = ada.adds_task(goal["goal_id"])
    ada.put(f"/goals/{goal['goal_id']}/shares/{bob.user_id}", {"role": "viewer"})
    return Scene(goal["goal_id"], task["task_id"], bob.user_id, owner_id=ada.user_id)


def orphaned(owner: Person, reader: Person) -> Scene:
    """Return a goal with a task, shared with the reader, whose owner is disabled by now; the reader owns the tenant."""
    goal = owner.sets_goal()
    task = owner.adds_task(goal["goal_id"])
    owner.put(f"/goals/{goal['goal_id']}/shares/{reader.user_id}", {"role": "contributor"})
    enrol(owner, disabled=True)
    enrol(reader, role="owner")
    return Scene(goal["goal_id"], task["task_id"], reader.user_id, owner_id=owner.user_id)


@pytest.fixture
def stored(aws: None) -> Stored:
    """Read the whole table, to see what a call left there."""

    def read() -> dict[tuple[str, str], dict[str, Any]]:
        return {(item["PK"], item["SK"]): item for item in everything()}

    return read


@pytest.fixture
def happened() -> Happened:
    """Read the events of a goal in the order in which they were written."""

    def read(owner: Person, goal_id: str) -> list[dict[str, Any]]:
        return list(table.query_all(f"USER#{owner.user_id}", events.prefix(goal_id)))

    return read


@pytest.fixture
def calls(aws: None) -> list[str]:
    """The DynamoDB operations called, in order; signing keys are read beforehand."""
    called: list[str] = []
    hooks.register("before-call.dynamodb", lambda model, **_: called.append(model.name))
    return called


@pytest.fixture
def travel() -> Iterator[Travel]:
    """Put the clock to an instant, where it stands still."""
    with time_machine.travel(datetime.fromisoformat("2026-01-01T00:00:00Z"), tick=False) as traveller:
        yield lambda text: traveller.move_to(datetime.fromisoformat(text), tick=False)
