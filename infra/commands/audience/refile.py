"""Have the files of leads made anew from the table: `python -m infra.commands.audience.refile STAGE TENANT [TENANT …]`.

For tenants whose files are behind or wrong, and for all tenants after a restore of the table. The compactor of the
stage reads the table and publishes other files beside those that answer meanwhile. The command only asks for it.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Final

from infra.commands import redrive
from infra.stage import access
from infra.stage.access import StageNotRunning
from shared import ids

CONSUMER: Final = "AudienceFiles"


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, 1 when nothing runs, or 2 when nothing was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.commands.audience.refile", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("stage")
    parser.add_argument("tenants", nargs="+", metavar="TENANT")
    parser.add_argument("--differing", action="store_true", help="only files that differ from the table")
    asked = parser.parse_args(arguments)
    wrong = [each for each in asked.tenants if not ids.is_valid(each, "tenant")]
    if wrong:
        sys.stderr.write(f"no id of a tenant: {', '.join(wrong)}\n")
        return 2
    try:
        sqs = access.client("sqs", asked.stage)
    except StageNotRunning as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    queue = redrive.queue_of(sqs, asked.stage, CONSUMER)
    if queue is None:
        sys.stderr.write(f"{asked.stage} has no queue {CONSUMER}; deploy it first.\n")
        return 2
    task = "recount" if asked.differing else "rebuild"
    for tenant_id in asked.tenants:
        sqs.send_message(QueueUrl=queue, MessageBody=json.dumps({"tenant_id": tenant_id, "task": task}))
        sys.stdout.write(f"{asked.stage}: the compactor was asked for {task} of {tenant_id}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
