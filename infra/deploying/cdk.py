"""The command line of the CDK, in the account and region that were shown."""

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from infra.deploying.account import Account

ROOT = Path(__file__).parents[2]
# As the CDK reads it: --context, also with its value, and -c, also behind other letters.
_CONTEXT = re.compile(r"--context(?![\w-])|-[A-Za-z]*c")
# A folder without cdk.json: bootstrapping an account needs no synthesis.
ELSEWHERE = ROOT / ".milepost"


class ArgumentRefused(Exception):
    """The CDK would do something else than was shown with such an argument; the message says which."""


def require_no_context(arguments: Sequence[str]) -> None:
    """Require that nobody tells the CDK of another stage than was shown and confirmed. Raises ArgumentRefused."""
    for argument in arguments:
        if _CONTEXT.match(argument):
            raise ArgumentRefused(
                f"{argument} is not passed on to the CDK: STAGE says which stage it is, and its file has the settings."
            )


def run(*arguments: str, stage: str, account: Account) -> int:
    """Run a command on the app of a stage and return its exit code. The CDK may ask on the terminal."""
    return _run([*arguments, "--context", f"stage={stage}"], account=account, folder=ROOT)


def bootstrap(arguments: Sequence[str], *, account: Account, regions: Sequence[str]) -> int:
    """Make the bucket and the roles that the CDK deploys with, and return the exit code."""
    ELSEWHERE.mkdir(mode=0o700, exist_ok=True)
    places = [f"aws://{account.id}/{region}" for region in regions]
    return _run(["bootstrap", *places, *arguments], account=account, folder=ELSEWHERE)


def _run(command: Sequence[str], *, account: Account, folder: Path) -> int:
    environment = os.environ | {"AWS_REGION": account.region, "AWS_DEFAULT_REGION": account.region}
    executable = str(ROOT / "node_modules" / ".bin" / "cdk")
    return subprocess.run([executable, *command], cwd=folder, env=environment, check=False).returncode
