"""Set all schedules of a stage anew: `python -m infra.commands.rebuild_schedules STAGE [--messages N]`.

For a stage whose schedules are gone. It walks the list of all tenants, and asks the consumers of schedules to look at
every goal, every tracked milestone and every milestone of a project with its layers, escalations and probes, so many
messages a second. Payments have no schedules: a sweep finds each minute what is due of them. Stopped, it goes on with
the tenants it was at, if it is run again within a day; after a restore, the place may be that of a run of before:
`--anew` begins with the first. What is looked at twice is set twice. It takes the role of the stage that may do this
and nothing else.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from functions.goals import goals
from functions.goals.schedules.schedules import LOOKED_AT_TOGETHER
from functions.milestones import milestones
from functions.milestones.report import OPEN
from functions.projects import projects
from functions.projects.milestones import entries, transition
from infra.commands import people, roles, walks
from infra.commands.migrate import Pace
from infra.commands.roles import NotDeployed
from infra.commands.walks import Walk
from infra.stage import access
from infra.stage.access import StageNotRunning
from shared.callers import project_members
from shared.messaging import queues
from shared.messaging.queues import Outgoing
from shared.storage import table
from shared.storage.attributes import Key

MESSAGES_A_SECOND: Final = 4
"""A message sets up to 25 schedules. The Scheduler takes 250 calls a second in most regions, those of events too."""
POSITION: Final = Key("TABLE", "REBUILD")
_GOALS = "functions.goals.schedules.consumers.handler"
_MILESTONES = "functions.milestones.schedule_consumers.handler"
_PROJECTS = "functions.projects.timers.consumers.handler"
_HANDLERS = (_GOALS, _MILESTONES, _PROJECTS)
_TOGETHER = 100


class Queues(NamedTuple):
    """The queues of the consumers of schedules."""

    goals: str
    milestones: str
    projects: str


@dataclass
class Done:
    """How many tenants were walked, and how many messages they took."""

    tenants: int = 0
    messages: int = 0


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, or 1 when the stage cannot be reached."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.commands.rebuild_schedules", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("stage")
    parser.add_argument(
        "--messages", type=int, default=MESSAGES_A_SECOND, help="messages a second (default %(default)s)"
    )
    parser.add_argument("--anew", action="store_true", help="begin with the first tenants, wherever a run has stopped")
    asked = parser.parse_args(arguments)
    try:
        to = find(access.client("lambda", asked.stage), asked.stage)
        roles.enter(asked.stage, "RebuildRoleArn")
    except (StageNotRunning, NotDeployed) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    tenants = walk(anew=asked.anew)
    sys.stdout.write(f"{asked.stage}: {tenants.told()}\n")
    sys.stdout.flush()
    done = run(to, tenants, pace=Pace(max(1, asked.messages)), wait=time.sleep)
    sys.stdout.write(f"{asked.stage}: {done.tenants} tenants, {done.messages} messages to look at their schedules\n")
    return 0


def find(functions: Any, stage: str) -> Queues:
    """Return the queues as their consumers know them. Raises NotDeployed."""
    found: dict[str, str] = {}
    for page in functions.get_paginator("list_functions").paginate():
        for each in page["Functions"]:
            if each["FunctionName"].startswith(f"milepost-{stage}-") and each.get("Handler") in _HANDLERS:
                found[each["Handler"]] = each["Environment"]["Variables"]["SCHEDULE_QUEUE_URL"]
    if len(found) < len(Queues._fields):
        raise NotDeployed(f"The stage {stage} is not deployed. Deploy it first.")
    return Queues(*(found[each] for each in _HANDLERS))


def walk(*, anew: bool) -> Walk:
    """Return the walk, from where a run of the last day has stopped unless it is to begin anew."""
    return Walk(POSITION, "Rebuild", walks.FIRST if anew else walks.stopped_at(POSITION))


def run(to: Queues, walk: Walk, *, pace: Pace, wait: Callable[[float], None]) -> Done:
    """Walk the tenants that are left, and return what was done."""
    done = Done()
    for tenant_id in walk.tenants():
        done.tenants += 1
        for queue_url, messages in _batches(tenant_id, to):
            queues.send_all(queue_url, messages)
            done.messages += len(messages)
            wait(pace.pause(len(messages), time.monotonic()))
    return done


def _batches(tenant_id: str, to: Queues) -> Iterator[tuple[str, list[Outgoing]]]:
    """Yield the messages for everything of a tenant that may have a schedule, ten together, with their queue."""
    pages = (page for user_id in sorted(people.of_tenant(tenant_id)) for page in _pages(user_id))
    asked = ((to.goals, pages), (to.milestones, _tracked(tenant_id)), (to.projects, _of_projects(tenant_id)))
    for queue_url, messages in asked:
        batch: list[Outgoing] = []
        for message in messages:
            batch.append(Outgoing(message, group=tenant_id))
            if len(batch) == queues.MAX_ENTRIES:
                yield queue_url, batch
                batch = []
        if batch:
            yield queue_url, batch


def _pages(user_id: str) -> Iterator[Mapping[str, Any]]:
    """Yield a message for each page of the goals of somebody, so that all of them keep to the pace; none without."""
    cursor: str | None = None
    while True:
        found, further = goals.page(user_id, limit=LOOKED_AT_TOGETHER, cursor=cursor)
        if found:
            yield {"returned_id": user_id, "cursor": cursor, "is_page": True}
        if further is None:
            return
        cursor = further


def _tracked(tenant_id: str) -> Iterator[Mapping[str, str]]:
    cursor: str | None = None
    while True:
        page, cursor = milestones.entries(tenant_id, None, limit=_TOGETHER, cursor=cursor)
        for entry in page:
            if entry["status"] in OPEN and entry.get("timeframe_to"):
                yield {"tenant_id": tenant_id, "milestone_uid": entry["milestone_uid"]}
        if cursor is None:
            return


def _of_projects(tenant_id: str) -> Iterator[Mapping[str, str]]:
    """Yield a message for each milestone of a project that is neither approved nor cancelled."""
    cursor: str | None = None
    while True:
        found, cursor = projects.listed(tenant_id, limit=_TOGETHER, cursor=cursor)
        for project_id in (each.project_id for each in found):
            for entry in table.query_all(project_members.partition(tenant_id, project_id), entries.PREFIX):
                if entry["status"] not in transition.FINAL:
                    milestone_id = entry["SK"].removeprefix(entries.PREFIX)
                    yield {
                        "tenant_id": tenant_id,
                        "project_id": project_id,
                        "project_milestone_id": milestone_id,
                    }
        if cursor is None:
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
