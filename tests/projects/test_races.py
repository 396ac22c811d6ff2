"""Two at once: what conditions and transactions make of them, on two tables that are not kind."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import time_machine

from functions.projects import lifecycle as projects
from functions.projects.lifecycle import MilestonesOpen, ProjectStatusNotPossible
from functions.projects.milestones import commands, gates, lifecycle, milestones
from functions.projects.milestones.gates import InvoiceOpen
from functions.projects.milestones.transition import Event
from functions.projects.ownership import owning
from functions.projects.people import members
from functions.projects.people.members import ProjectMember
from functions.projects.timers import looking
from functions.projects.timers.seeing import Subject
from shared import clock, ids
from shared.callers.caller import Caller
from shared.errors import Refusal
from shared.storage import changes, table
from shared.storage.table import ConditionFailed, Contended
from shared.storage.writes import Check, Condition, Put
from tests.aws import scheduler
from tests.aws.races import at_once
from tests.aws.stack import server, table_at, table_on_locked_moto
from tests.projects.escalation.trouble import Trouble
from tests.projects.verification.court import Court, belongs, only, told
from tests.projects.verification.court import outcome as outcome_of

ROUNDS = 10
FEW = 3
"""What people and timers do takes more writes; in process it is run more often."""
HOUR = 3600
DRAFT = {"title": "Mill", "kind": "custom"}
BEGINNING: tuple[Event, ...] = ("activate", "start")


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(tmp_path_factory.mktemp("stack")) as address:
        yield address


@pytest.fixture(params=["moto", "ministack"], autouse=True)
def _table(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(changes, "PATIENCE_SECONDS", 120)
    on_moto = request.param == "moto"
    with table_on_locked_moto() if on_moto else table_at(request.getfixturevalue("endpoint")):
        yield


@pytest.fixture
def ada() -> Caller:
    scopes = frozenset({"projects:admin"})
    found = Caller(ids.new("user"), ids.new("tenant"), (), scopes, None, (), None)
    belongs(found.tenant_id, found.user_id)
    return found


@pytest.fixture
def project_id(ada: Caller) -> str:
    return str(projects.create(ada, {"name": "Engine", "currency": "EUR"})["project_id"])


def plans(ada: Caller, project_id: str) -> str:
    draft = {**DRAFT, "amount_minor_units": 500}
    return str(lifecycle.create(ada, project_id, draft)["project_milestone_id"])


def outcome(act: Callable[[], Any]) -> str:
    """Return how an act ends: the code of a refusal, or that it was done."""
    try:
        act()
    except Refusal as refused:
        return refused.code
    except (ConditionFailed, Contended):
        return "refused"
    return "done"


def joins(ada: Caller, project_id: str) -> str:
    moment, user_id = clock.to_rfc3339(clock.now()), ids.new("user")
    member = ProjectMember(ada.tenant_id, project_id, user_id, ["viewer"], moment, moment, 1)
    table.transact([Put(members.to_item(member))])
    belongs(ada.tenant_id, user_id)
    return user_id


def test_of_two_primary_owners_at_once_one_is(ada: Caller, project_id: str):
    people = [joins(ada, project_id) for _ in range(2)]
    for _ in range(ROUNDS):
        milestone_id = plans(ada, project_id)
        assigned = at_once(
            *(partial(outcome, partial(owning.assign, ada, milestone_id, each, "primary", 10)) for each in people)
        )

        assert sorted(assigned) == ["PrimaryOwnerExists", "done"]
        assert [each["role"] for each in owning.page(ada, milestone_id)] == ["primary"]


def test_a_project_is_completed_or_gets_a_milestone_and_never_both(ada: Caller, project_id: str):
    for _ in range(ROUNDS):
        complete = partial(projects.command, ada, project_id, "complete", if_match=None)
        ended, planned = at_once(partial(outcome, complete), partial(outcome, partial(plans, ada, project_id)))

        assert (ended, planned) in {("done", ProjectStatusNotPossible.code), (MilestonesOpen.code, "done")}
        if planned == "done":
            break
        projects.command(ada, project_id, "reopen", if_match=None)


def test_no_milestone_is_cancelled_whose_invoice_is_opened_at_the_same_instant(ada: Caller, project_id: str):
    for _ in range(ROUNDS):
        milestone_id = plans(ada, project_id)
        cancel = partial(commands.advance, ada, milestone_id, "cancel", if_match=None, reason="Not needed.")
        cancelled, issued = at_once(partial(outcome, cancel), partial(outcome, partial(issue, ada, milestone_id)))

        assert not (cancelled == "done" and issued == "done")
        assert cancelled in {"done", InvoiceOpen.code}


def issue(ada: Caller, milestone_id: str) -> None:
    """Open an invoice as payments does: the billing is written where the gate is still open."""
    pk, sk = gates.billing_key(ada.tenant_id, milestone_id)
    billing = {"PK": pk, "SK": sk, "entity": "Billing", "open_invoices": 1, "is_committed": False}
    found = milestones.find(ada.tenant_id, milestone_id)
    assert found is not None
    is_open = Condition("#status = :draft", {"#status": "status"}, {":draft": "draft"})
    table.transact([Put(billing), Check(gates.key(found), is_open)])


def test_of_two_who_complete_at_once_one_does(ada: Caller, project_id: str):
    for _ in range(ROUNDS):
        milestone_id = plans(ada, project_id)
        owning.assign(ada, milestone_id, ada.user_id, "primary", 10)
        for event in BEGINNING:
            commands.advance(ada, milestone_id, event, if_match=None)
        complete = partial(outcome, partial(commands.advance, ada, milestone_id, "complete", if_match=None))

        assert sorted(at_once(complete, complete)) == ["TransitionNotAllowed", "done"]


def test_two_that_are_to_be_parts_of_each_other_at_once_close_no_circle(ada: Caller, project_id: str):
    for _ in range(ROUNDS):
        pair = [str(lifecycle.create(ada, project_id, DRAFT)["project_milestone_id"]) for _ in range(2)]
        moves = [
            partial(lifecycle.change, ada, one, {"parent_id": other}, if_match=None)
            for one, other in (pair, reversed(pair))
        ]
        ended = at_once(*(partial(outcome, each) for each in moves))

        assert sorted(ended) == ["HasChildren", "done"]


def test_of_two_verifiers_of_any_one_closes_the_layer():
    court = Court()
    first, second = court.joins(), court.joins()
    for _ in range(FEW):
        milestone_id = court.submits({})
        layer = only(court, milestone_id)
        decided = at_once(*(partial(outcome_of, partial(court.decides, each, layer)) for each in (first, second)))

        assert sorted(decided) == ["LayerClosed", "done"]
        assert len(only(court, milestone_id).counting) == 1
        assert told(court, milestone_id)["projects.milestone.verified"] == 1


def test_of_fifty_posts_at_once_exactly_one_closes_a_quorum():
    court = Court()
    people = [court.joins() for _ in range(50)]
    milestone_id = court.submits({"mode": "quorum", "quorum": 10})
    layer = only(court, milestone_id)
    decided = at_once(*(partial(outcome_of, partial(court.decides, each, layer)) for each in people))

    assert Counter(decided) == {"done": 10, "LayerClosed": 40}
    assert len(only(court, milestone_id).counting) == 10
    assert told(court, milestone_id)["projects.layer.approved"] == 1


def test_of_two_timers_of_one_level_one_takes_the_escalation_there(monkeypatch: pytest.MonkeyPatch):
    scheduler.make_surroundings(monkeypatch)
    court = Court()
    court.joins()
    for _ in range(FEW):
        milestone_id = court.begins({})
        Trouble(court).raises(milestone_id, severity="critical")
        subject = Subject(court.tenant_id, court.project_id, milestone_id)
        with time_machine.travel(clock.now() / clock.SECOND + 1.5 * HOUR):
            at_once(*[partial(looking.look, subject)] * 2)
        (raised,) = Trouble(court).every(milestone_id)

        assert (raised.level, told(court, milestone_id)["projects.escalation.escalated"]) == (2, 1)
