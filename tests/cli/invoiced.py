"""A milestone that is invoiced from the command line, and who of the finance of its project works there."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.identity.people import Person
from tests.payments.invoicing import CLIENT, SELLER

File = Callable[..., str]


@pytest.fixture
def milestone(adas: Shell, ada: Person, file: File) -> str:
    """A verified milestone of 1,000.00 that is taxed with 18 %, in a project with a client."""
    adas.asks("PATCH", "/payment-settings", {"seller": SELLER})
    adas.asks("PUT", "/payment-terms", {"auto_invoice": False, "tax_percent": "18"})
    project = adas.types("projects", "add", "Engine No. 2", "--json").json["project_id"]
    adas.asks("PATCH", f"/projects/{project}", {"client": CLIENT})
    draft = {"title": "Mill assembled", "kind": "deliverable", "amount_minor_units": 100_000}
    plan = file(json.dumps(draft), name="plan.json")
    planned = adas.types("projects", "plan", project, plan, "--json").json["project_milestone_id"]
    adas.types("projects", "assign", planned, ada.user_id)
    for event in ("activate", "start", "complete"):
        assert adas.types("projects", event, planned).exit_code == 0
    return str(planned)


@pytest.fixture
def issued(adas: Shell, milestone: str) -> dict[str, str]:
    ran = adas.types("invoices", "create", milestone, "--json")
    assert ran.exit_code == 0, ran.err
    return dict(ran.json)


@pytest.fixture
def danas(adas: Shell, ada: Person, issued: dict[str, str], tmp_path: Path) -> Shell:
    """The machine of Dana, who is in the finance of the project and has nothing to do with milestones."""
    dana = ada.invites("dana", "member")
    adas.asks("PUT", f"/projects/{issued['project_id']}/members/{dana.user_id}", {"roles": ["finance"]})
    machine = Shell(tmp_path / "dana")
    assert machine.signs_in(dana.email, dana.password).exit_code == 0
    return machine
