"""Pause every campaign of a stage: `python -m infra.commands.audience.pause_campaigns STAGE`.

For a restored table, before the stage is opened again: it does not know whom campaigns have written to since. One that
was being sent is paused, for somebody to resume or to cancel. One that was scheduled or being prepared may have been
sent since, so it has failed; somebody who knows that it was not makes it again. Drafts and what is over stay. It takes
the role of the stage that may do this and nothing else.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from functions.audience.campaigns import campaigns, moving
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.states import Status
from infra.commands import people, roles
from infra.commands.roles import NotDeployed
from infra.stage.access import StageNotRunning
from shared.storage import table

REASON: Final = "restored"
_TO: Final[dict[Status, Status]] = {"running": "paused", "scheduled": "failed", "preparing": "failed"}


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, or 1 when the stage cannot be reached."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.commands.audience.pause_campaigns", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("stage")
    stage = parser.parse_args(arguments).stage
    try:
        roles.enter(stage, "PauseCampaignsRoleArn")
    except (StageNotRunning, NotDeployed) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    done = run()
    sys.stdout.write(f"{stage}: {done['paused']} campaigns paused, {done['failed']} that were about to start failed\n")
    return 0


def run() -> Counter[Status]:
    """Pause or fail what is not over, and return how many were. Stopped, it may be run again."""
    done = Counter[Status]()
    for tenant_id in people.tenants():
        for campaign in _of(tenant_id):
            to = _TO.get(campaign.status)
            if to is not None:
                moved = moving.move(tenant_id, campaign.campaign_id, to, only=_is_on, reason=REASON)
                done[moved.status] += 1
    return done


def _is_on(campaign: Campaign) -> bool:
    return campaign.status in _TO


def _of(tenant_id: str) -> Iterator[Campaign]:
    return map(campaigns.from_item, table.query_all(campaigns.partition(tenant_id), campaigns.PREFIX))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
