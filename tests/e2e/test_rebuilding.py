"""All schedules set anew on the deployed stage, by the command and under the role that an operator has for it."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3

from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.ministack import CREDENTIALS, REGION
from infra.stage.sign_in import SignIn
from shared import clock
from tests.e2e.endpoints import until

ROOT = Path(__file__).parents[2]
# The command finds the local stage of the checkout; this one is the stage of the tests.
COMMAND = """
import pathlib, sys
from infra.commands import rebuild_schedules
from infra.stage import access
access.STATE = pathlib.Path(sys.argv[1])
sys.exit(rebuild_schedules.main(["local", "--messages", "1000"]))
"""


def test_a_schedule_that_was_lost_is_set_again(stack: Addresses, folder: Path, sign_up: Callable[[], SignIn]) -> None:
    scheduler: Any = boto3.client(
        "scheduler",
        endpoint_url=stack.endpoint_url,
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )
    deadline = clock.to_datetime(clock.now()).date() + timedelta(days=30)
    goal = {"title": "Run a marathon", "deadline": deadline.isoformat()}
    goal_id = call("POST", f"{stack.api_url}/api/v1/goals", body=goal, token=sign_up().access_token).json()["goal_id"]
    was_set = until(lambda: goal_id in names(scheduler))
    scheduler.delete_schedule(Name=goal_id, GroupName="milepost-local")
    command = [sys.executable, "-c", COMMAND, str(folder / "state")]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert was_set
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("local: ")
    assert until(lambda: goal_id in names(scheduler))


def names(scheduler: Any) -> set[str]:
    """Return the schedules that there are."""
    pages = scheduler.get_paginator("list_schedules").paginate(GroupName="milepost-local")
    return {each["Name"] for page in pages for each in page["Schedules"]}
