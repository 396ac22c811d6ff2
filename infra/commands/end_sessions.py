"""End all sessions of a stage: `python -m infra.commands.end_sessions STAGE [--users N]`.

After a restore, sessions are alive again that had been ended, and refresh tokens good that were used. So the stage
signs with a new key, which no token of before was signed with, and the epoch of every user is raised, so that no
refresh token leads to a new one. API keys stay. It takes the role of the stage that may do this and nothing else.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from functions.identity.accounts import epochs
from infra.commands import people, roles, rotate_keys
from infra.commands.migrate import Pace
from infra.commands.roles import NotDeployed
from infra.commands.rotate_keys import NotRotated
from infra.deploying import confirmation
from infra.deploying.confirmation import NotConfirmed
from infra.stage import access
from infra.stage.access import StageNotRunning
from infra.stage_files import LOCAL
from shared.storage import changes
from shared.storage.changes import Plan

USERS_A_SECOND: Final = 200
"""Each is a transaction's write, two units."""
_TOGETHER: Final = 25


@dataclass
class Done:
    """Of how many tenants and users the sessions were ended."""

    tenants: int = 0
    users: int = 0


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, or 1 when the stage cannot be reached."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.commands.end_sessions", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("stage")
    parser.add_argument("--users", type=int, default=USERS_A_SECOND, help="users a second (default %(default)s)")
    asked = parser.parse_args(arguments)
    try:
        if asked.stage != LOCAL:
            confirmation.require(asked.stage, what=f"This signs out everybody of {asked.stage}")
        rotate_keys.renew(access.client("lambda", asked.stage), asked.stage)
        roles.enter(asked.stage, "EndSessionsRoleArn")
    except (StageNotRunning, NotDeployed, NotRotated, NotConfirmed) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    done = run(pace=Pace(max(1, asked.users)), wait=time.sleep)
    sys.stdout.write(
        f"{asked.stage}: a new signing key, and the sessions of {done.users} users of {done.tenants} tenants ended\n"
    )
    return 0


def run(*, pace: Pace, wait: Callable[[float], None]) -> Done:
    """Raise the epoch of everybody, and return what was done. Stopped, it may be run again: it begins anew."""
    done = Done()
    for tenant_id in people.tenants():
        done.tenants += 1
        for user_ids in _batches(sorted(people.who_sign_in(tenant_id))):
            ending = Plan(None, [epochs.ended(user_id) for user_id in user_ids])
            changes.make(partial(_same, ending))
            done.users += len(user_ids)
            wait(pace.pause(len(user_ids), time.monotonic()))
    return done


def _same(plan: Plan[None]) -> Plan[None]:
    """Return the plan: additions need nothing read, however often they are tried."""
    return plan


def _batches(user_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(user_ids), _TOGETHER):
        yield user_ids[start : start + _TOGETHER]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
