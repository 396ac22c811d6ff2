"""`python -m infra.stage.provider [--mood JSON]`: tell the local stage of the provider to run against, and run it.

It becomes a delivery provider of the demo's tenant: the default for e-mail, unless there is one already.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from infra.stage import client, deployment, private, sign_in
from infra.stage.access import StageNotRunning
from infra.stage.ministack import MiniStack, without_aws
from infra.stage.sign_in import SignInFailed

STATE: Final = Path(__file__).parents[2] / ".milepost"
PORT: Final = 8792
PROVIDERS: Final = "/api/v1/delivery-providers"
RECEIPTS: Final = "/api/v1/delivery/receipt"
_URL: Final = f"http://127.0.0.1:{PORT}/webhook"
_DRAFT: Final = {"kind": "webhook", "channel": "email", "name": "On this machine", "settings": {"url": _URL}}

Ask = Callable[[str, str, Any], Any]
"""Sends a request to the API as somebody who may: method, path and body; returns what was answered."""


class Introduced(NamedTuple):
    """The provider as the stage knows it, and the secret that both have."""

    provider_id: str
    secret: str


class NotIntroduced(Exception):
    """The API did not take the provider; the message holds its answer."""


def main(arguments: Sequence[str]) -> int:
    """Tell the stage, then run the provider until it is interrupted; 1 when no stage runs."""
    private.from_now_on()
    try:
        api_url = deployment.addresses(MiniStack(state=STATE)).api_url
        command, environment = _started(api_url, introduce(as_the_demo(api_url)), arguments)
    except (StageNotRunning, SignInFailed, NotIntroduced, OSError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    with contextlib.suppress(KeyboardInterrupt):
        return subprocess.call(command, env=environment)
    return 0


@contextlib.contextmanager
def running(api_url: str, ask: Ask, *, mood: str = "{}") -> Iterator[Introduced]:
    """Let the provider take messages while the block runs; one that runs already does it as it can."""
    known = introduce(ask)
    command, environment = _started(api_url, known, ["--mood", mood])
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        # It says where it is when it listens; when its port is taken, it ends without a word.
        if process.stdout is not None:
            process.stdout.readline()
        try:
            yield known
        finally:
            process.terminate()


def introduce(ask: Ask) -> Introduced:
    """Make the provider one of the tenant, or give the one that is there a new secret. Raises NotIntroduced."""
    found = next((each for each in ask("GET", f"{PROVIDERS}?limit=100", None)["items"] if _is_ours(each)), None)
    if found is None:
        made = ask("POST", PROVIDERS, {**_DRAFT, "dedupes": True})
    else:
        made = ask("POST", f"{PROVIDERS}/{found['provider_id']}/rotate-secret", {"grace_seconds": 0})
    return Introduced(made["provider_id"], made["receipt_secret"])


def as_the_demo(api_url: str) -> Ask:
    """Return what asks the API as the owner of the demo's tenant. Raises SignInFailed."""
    password = sign_in.demo_password(STATE)
    owner = sign_in.sign_in(api_url=api_url, email=sign_in.EMAIL, password=password, display_name="Demo")

    def ask(method: str, path: str, body: Any) -> Any:
        answer = client.call(method, f"{api_url}{path}", body=body, token=owner.access_token)
        if answer.status >= 400:
            raise NotIntroduced(f"{method} {path}: {answer.status} {answer.text}")
        return answer.json()

    return ask


def _is_ours(provider: dict[str, Any]) -> bool:
    return bool(provider["settings"].get("url") == _URL)


def _started(api_url: str, known: Introduced, arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Return the command and the environment of a provider that knows the stage, at its address on this machine."""
    receipts = f"{api_url}{RECEIPTS}?provider={known.provider_id}"
    command = [sys.executable, "-m", "examples.provider", "--port", str(PORT), "--receipts", receipts]
    return [*command, *arguments], {**without_aws(os.environ), "PROVIDER_SECRET": known.secret}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
