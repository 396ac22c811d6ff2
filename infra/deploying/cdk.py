"""The command line of the CDK, in the account and region that were shown."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from infra.deploying.account import Account

ROOT = Path(__file__).parents[2]
# A folder without cdk.json: bootstrapping an account needs no synthesis.
ELSEWHERE = ROOT / ".milepost"


def run(*arguments: str, stage: str, account: Account) -> int:
    """Run a command on the app of a stage and return its exit code. The CDK may ask on the terminal."""
    return _run([*arguments, "--context", f"stage={stage}"], account=account, folder=ROOT)


def bootstrap(arguments: Sequence[str], *, account: Account) -> int:
    """Make the bucket and the roles that the CDK deploys with, and return the exit code."""
    ELSEWHERE.mkdir(mode=0o700, exist_ok=True)
    place = f"aws://{account.id}/{account.region}"
    return _run(["bootstrap", place, *arguments], account=account, folder=ELSEWHERE)


def _run(command: Sequence[str], *, account: Account, folder: Path) -> int:
    environment = os.environ | {"AWS_REGION": account.region, "AWS_DEFAULT_REGION": account.region}
    executable = str(ROOT / "node_modules" / ".bin" / "cdk")
    return subprocess.run([executable, *command], cwd=folder, env=environment, check=False).returncode
