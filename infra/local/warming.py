"""Copies of the goals API that are there before many requests come at once.

MiniStack starts a copy of a function for every request that finds none free, which takes a second of a processor each.
A dozen requests at once, sent when everything is ready, have a dozen copies started: a page or a script that opens
with a burst then finds them.
"""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra.stage.client import Answer, call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn

COPIES = 12
ROOT = Path(__file__).parents[2]


def begin(addresses: Addresses, demo: SignIn) -> None:
    """Warm the stage in a process that goes on by itself, ends by itself, and keeps no terminal."""
    warm = subprocess.Popen(
        [sys.executable, "-m", "infra.local.warming", addresses.api_url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    # Not as an argument, which every user of the machine can read.
    if warm.stdin is not None:
        with warm.stdin as told:
            told.write(demo.access_token.encode())


def warm(api_url: str, token: str) -> list[Answer]:
    """Ask as many questions at once as there should be copies, and return the answers."""

    def ask(_: int) -> Answer:
        return call("GET", f"{api_url}/api/v1/goals?limit=1", token=token)

    with ThreadPoolExecutor(COPIES) as askers:
        return list(askers.map(ask, range(COPIES)))


if __name__ == "__main__":
    warm(sys.argv[1], sys.stdin.read())
