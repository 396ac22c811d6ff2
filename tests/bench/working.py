"""What projects and payments ask of the table, and what a plan of 200 milestones takes, in a process of its own.

The table is one in that process, so calls are counted, and the processor's time is that of Milepost and of the table.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import process_time
from typing import Any, Final

from functions.payments.invoices import lifecycle as invoices
from functions.payments.invoices.asking import Asked
from functions.payments.releases import commands, process
from functions.projects import reading as projects
from functions.projects.evidence import links
from functions.projects.milestones import milestones
from functions.projects.verification import reading
from functions.projects.worklist import reading as worklists
from shared import ids
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.storage import table
from shared.storage.attributes import Item
from tests.aws import hooks
from tests.aws.quick.table import QuickTable, put
from tests.aws.stored_items import size_of
from tests.bench.figures import Figure
from tests.identity.access_tokens.issuer import Issuer
from tests.payments.invoices.ground import Ground
from tests.payments.releases import world as worlds
from tests.projects.plans.arriving import asks, listed, makes, row, works
from tests.projects.team import Person
from tests.projects.verification.court import Court

_ATTEMPTS: Final = 5
_LAYERS: Final = 4
_DECISIONS: Final = 20
_EVIDENCE: Final = 100
_PLANNED: Final = 200
_TOTAL: Final = 10**9
_MEGABYTE: Final = 1024**2
_KILOBYTE: Final = 1024


def measure() -> list[Figure]:
    """Return how many calls they are, how large a milestone gets, and how long a plan takes to arrive."""
    run = [sys.executable, "-m", "tests.bench.working"]
    return judged(**json.loads(subprocess.run(run, capture_output=True, text=True, check=True).stdout))


def judged(**told: float) -> list[Figure]:
    """Return the figures of projects and payments."""
    return [
        Figure("a milestone with its layers", told["milestone"], "calls", 2),
        Figure("… of 5 attempts, 20 layers, 400 decisions, 100 pieces", told["whole"], "queries", 1),
        Figure("… its items", told["kilobytes"], "KB", _MEGABYTE / _KILOBYTE),
        Figure("… a layer of 20 decisions", told["layer"], "KB", 32),
        Figure("a decision", told["decision"], "calls", 3),
        Figure("… that opens the next level", told["opening"], "calls", 6),
        Figure("… with 9 layers", told["actions"], "actions", 40),
        Figure("a page of a worklist", told["worklist"], "queries", 1),
        Figure("a page of projects", told["projects"], "queries", 1),
        Figure("issuing an invoice", told["issue"], "calls", 2),
        Figure("releasing a payment", told["release"], "calls", 3),
        Figure("… from the request until it is settled", told["settled"], "transactions", 4),
        Figure("a plan of 200 milestones", told["plan"], "s", 10),
    ]


def main() -> None:
    """Print what was measured as JSON."""
    with contextlib.redirect_stdout(io.StringIO()):
        told = _told()
    print(json.dumps(told))


def _told() -> dict[str, float]:
    os.environ["PROJECT_JOBS_QUEUE_URL"] = "https://sqs.eu-west-1.amazonaws.com/123456789012/ProjectJobs"
    QuickTable().stand_in()
    return {**_decisions(), **_large(), **_pages(), **_payments(), "plan": _plan()}


@contextmanager
def _calls() -> Iterator[list[tuple[str, int]]]:
    """Yield the calls of the table as they are made, each with how many actions it has."""
    made: list[tuple[str, int]] = []

    def note(model: Any, params: Any, **_: Any) -> None:
        made.append((model.name, len(json.loads(params["body"]).get("TransactItems", []))))

    with hooks.registered("before-call.dynamodb", note):
        yield made


def _number(act: Callable[[], Any], of: str = "") -> int:
    """Return how many calls an act is, or how many of an operation."""
    with _calls() as made:
        act()
    return sum(name.startswith(of) for name, _ in made)


def _decisions() -> dict[str, float]:
    court = Court()
    somebody = court.joins()
    (only,) = court.layers(court.submits({}))
    first, *_ = court.layers(court.submits({"level": 1}, *[{"level": 2} for _ in range(9)]))
    decision = _number(partial(court.decides, somebody, only))
    with _calls() as made:
        court.decides(somebody, first)
    return {"decision": decision, "opening": len(made), "actions": max(count for _, count in made)}


def _large() -> dict[str, float]:
    """Measure the largest milestone that the rules speak of."""
    court = Court()
    people = [court.joins() for _ in range(_DECISIONS)]
    rules = [{"level": 1, "mode": "all", "restart_at": "first_level"}] * _LAYERS
    milestone_id = court.begins(*rules)
    for number in range(_EVIDENCE):
        link = {"url": f"https://example.org/drawings/{number}", "description": "Drawings of the mill, as built."}
        links.add(court.ada, milestone_id, {**link, "requirement": None, "tags": ["drawings"], "expires_on": None})
    for attempt in range(1, _ATTEMPTS + 1):
        court.moves(milestone_id, "complete")
        _decide(court, people, milestone_id, attempt)
        if attempt < _ATTEMPTS:
            court.moves(milestone_id, "rework")
    place = milestones.partition(court.tenant_id, milestone_id)
    items = [each for each in table.query_all(place, "") if each["SK"] < "LAYER#~"]
    layers = [each for each in items if each.get("entity") == "Layer"]
    # Otherwise it is no measure of that milestone.
    assert [len(each["decisions"]) for each in layers] == [_DECISIONS] * _LAYERS * _ATTEMPTS
    read = partial(reading.of_milestone, people[0], milestone_id)
    return {
        "milestone": _number(read),
        "whole": _number(read, "Query"),
        "kilobytes": sum(map(size_of, items)) / _KILOBYTE,
        "layer": max(map(size_of, layers)) / _KILOBYTE,
    }


def _decide(court: Court, people: list[Caller], milestone_id: str, attempt: int) -> None:
    """Have everybody decide in each layer of an attempt; the last decision rejects."""
    layers = court.layers(milestone_id, attempt)
    for layer in layers:
        for somebody in people:
            is_last = (layer, somebody) == (layers[-1], people[-1])
            court.decides(somebody, layer, "reject" if is_last else "approve")


def _pages() -> dict[str, float]:
    court = Court()
    return {
        "worklist": _number(partial(worklists.page, court.ada, limit=100, cursor=None), "Query"),
        "projects": _number(partial(projects.page, court.ada, limit=100, cursor=None), "Query"),
    }


def _payments() -> dict[str, float]:
    ground = Ground()
    milestone_id = ground.milestone()
    invoices.preview(ground.ada, milestone_id, Asked())
    world = worlds.made(auto_release_limits={})
    payment_id = world.invoiced()
    member: Item = {"entity": "ProjectMember", "user_id": "user", "roles": ["finance"]}
    caller = Caller(ids.new("user"), world.tenant_id, (), frozenset(), None, (), None)
    place = project_members.key(world.tenant_id, world.project_id, caller.user_id)
    put({"PK": place.pk, "SK": place.sk, **member})
    issue = _number(partial(ground.issues, milestone_id))
    release = _number(partial(commands.release, caller, payment_id, if_match=None))
    settled = partial(process.advance, world.tenant_id, payment_id, lambda _: world.gateway)
    return {"issue": issue, "release": release, "settled": 1 + _number(settled, "TransactWriteItems")}


def _plan() -> float:
    """Return the seconds of the processor in which a plan arrives whose milestones have amounts and an owner."""
    ada = Person.new(Issuer().publish(), role="admin")
    project = ada.creates()
    template = makes(ada, **row(_PLANNED, "engineer"))
    asked = asks(ada, template, project, total_minor_units=_TOTAL, parameters={"engineer": ada.user_id})
    began = process_time()
    assert works(ada, asked.body["job_id"]) == "completed"
    took = process_time() - began
    assert len(listed(ada, project)) == _PLANNED
    return took


if __name__ == "__main__":
    main()
