"""Everything that a tenant has restated on the deployed stage, by the command and under the role that it has."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn
from shared.storage.events import Event
from tests.aws.subscriptions import subscribed
from tests.e2e.endpoints import until

ROOT = Path(__file__).parents[2]
# The command finds the local stage of the checkout; this one is the stage of the tests.
COMMAND = """
import pathlib, sys
from infra.commands import restate
from infra.stage import access
access.STATE = pathlib.Path(sys.argv[1])
sys.exit(restate.main(["local", *sys.argv[2:]]))
"""


def test_a_goal_is_restated_as_its_last_event_has_told_of_it(
    stack: Addresses, folder: Path, sign_up: Callable[[], SignIn]
) -> None:
    me = sign_up()
    mine = call("GET", f"{stack.api_url}/api/v1/auth/me", token=me.access_token).json()
    goals = f"{stack.api_url}/api/v1/goals"
    goal_id = call("POST", goals, body={"title": "Run a marathon"}, token=me.access_token).json()["goal_id"]
    with subscribed(stack.endpoint_url, "goals.goal.paused") as take:
        call("POST", f"{goals}/{goal_id}/pause", token=me.access_token)
        (paused,) = eventually(take, goal_id, 1)
    with subscribed(stack.endpoint_url, "goals.goal.stated") as take:
        whole = restate(folder, "--tenant", mine["tenant_id"])
        one = restate(folder, "--tenant", mine["tenant_id"], "--subject", goal_id)
        stated = eventually(take, goal_id, 2)

    assert (whole.returncode, whole.stderr) == (0, "")
    # The goal, and its owner.
    assert "1 tenants, 2 subjects restated" in whole.stdout
    assert (one.returncode, one.stderr) == (0, "")
    assert json.dumps(paused.state) in one.stdout
    assert [(each.subject_id, each.state, each.data) for each in stated] == [(goal_id, paused.state, paused.data)] * 2


def restate(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", COMMAND, str(folder / "state"), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def eventually(take: Callable[[], list[Event]], goal_id: str, number: int) -> list[Event]:
    """Return so many events of a goal, or what has come of them; other tests have others of the same type."""
    found: list[Event] = []

    def have_come() -> bool:
        found.extend(each for each in take() if each.subject_id == goal_id)
        return len(found) >= number

    until(have_come)
    return found
