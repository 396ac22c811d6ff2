"""Write what a tenant takes along: `python -m infra.commands.payments.export STAGE TENANT [--to FOLDER]`.

The invoices that were issued, with their credit notes, as JSON, HTML and PDF; the journal and the accounts of each
currency as CSV; and `SHA256SUMS`, by which `sha256sum -c` proves later that nothing was changed. Nothing of the stage
is changed. It takes a role that reads the table and may do nothing else.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from infra.commands import roles, typed
from infra.commands.payments import documents
from infra.commands.payments.documents import File, TenantNotFound
from infra.commands.roles import NotDeployed
from infra.stage.access import StageNotRunning
from shared import clock

SUMS: Final = "SHA256SUMS"


class Done(NamedTuple):
    """How many files were written, and which documents are not the bytes that were made before."""

    files: int
    others: Sequence[str]


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, or 1 if nothing was written or a PDF is not the one of before."""
    asked = _parsed(arguments)
    folder = asked.to or Path(f"{asked.tenant}-export")
    if folder.exists():
        sys.stderr.write(f"{folder} is there already. Name another folder with --to.\n")
        return 1
    try:
        roles.enter(asked.stage, "ReconcileRoleArn")
        done = write(documents.of_tenant(asked.tenant, clock.now()), folder)
    except (StageNotRunning, NotDeployed, TenantNotFound) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    sys.stdout.write(f"{asked.stage}: {done.files} files of {asked.tenant} in {folder}\n")
    for name in done.others:
        sys.stdout.write(f"{name} is not the document that was made before: fetch that one from the stage\n")
    return 1 if done.others else 0


def write(files: Iterable[File], folder: Path) -> Done:
    """Write files and the list of their hashes into a new folder, and return what was done."""
    sums: list[str] = []
    others: list[str] = []
    for file in files:
        place = folder / file.name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.body)
        sums.append(f"{hashlib.sha256(file.body).hexdigest()}  {file.name}\n")
        if file.is_other:
            others.append(file.name)
    folder.mkdir(exist_ok=True)
    (folder / SUMS).write_text("".join(sums), encoding="utf-8")
    return Done(len(sums), others)


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m infra.commands.payments.export", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("stage")
    parser.add_argument("tenant", type=typed.tenant_id)
    parser.add_argument("--to", type=Path, help="the new folder (default: the id of the tenant with -export)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
