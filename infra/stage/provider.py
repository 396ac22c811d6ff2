"""The provider to run against, as a process that the stage knows: a delivery provider of a tenant on this machine.

It is the default for e-mail, unless the tenant has one already.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from infra.stage import client
from infra.stage.background import free_port
from infra.stage.ministack import without_aws

PROVIDERS: Final = "/api/v1/delivery-providers"
RECEIPTS: Final = "/api/v1/delivery/receipt"
_NAME: Final = "On this machine"
_BEGINNING: Final = "http://127.0.0.1:"
_DRAFT: Final = {"kind": "webhook", "channel": "email", "name": _NAME, "dedupes": True}

Ask = Callable[[str, str, Any], Any]
"""Sends a request to the API as somebody who may: method, path and body; returns what was answered."""


class Introduced(NamedTuple):
    """The provider as the stage knows it, and the secret that both have."""

    provider_id: str
    secret: str


class Running(NamedTuple):
    """A provider that runs: where it takes messages, and its process."""

    url: str
    process: subprocess.Popen[str]


class NotIntroduced(Exception):
    """The API did not take the provider; the message holds its answer."""


@contextlib.contextmanager
def running(api_url: str, ask: Ask, *, arguments: Sequence[str] = ()) -> Iterator[Running]:
    """Let the provider take messages while the block runs, at a free port of this machine."""
    port = free_port()
    started, environment = command(api_url, introduce(ask, url_at(port)), arguments, port=port)
    with subprocess.Popen(
        started, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        # It says where it is when it listens.
        if process.stdout is not None:
            process.stdout.readline()
        try:
            yield Running(url_at(port), process)
        finally:
            process.terminate()


def introduce(ask: Ask, url: str) -> Introduced:
    """Make the provider at this address one of the tenant; one that is there gets the address and a new secret.

    Raises NotIntroduced.
    """
    found = next(iter(every(ask)), None)
    if found is None:
        made = ask("POST", PROVIDERS, {**_DRAFT, "settings": {"url": url}})
        return Introduced(made["provider_id"], made["receipt_secret"])
    path = f"{PROVIDERS}/{found['provider_id']}"
    if found["settings"]["url"] != url:
        ask("PATCH", path, {"settings": {"url": url}})
    made = ask("POST", f"{path}/rotate-secret", {"grace_seconds": 0})
    return Introduced(made["provider_id"], made["receipt_secret"])


def every(ask: Ask) -> list[dict[str, Any]]:
    """Return the providers of the tenant that are of this machine."""
    return [each for each in ask("GET", f"{PROVIDERS}?limit=100", None)["items"] if _is_ours(each)]


def url_at(port: int) -> str:
    """Return where a provider at a port takes messages."""
    return f"{_BEGINNING}{port}/webhook"


def command(
    api_url: str, known: Introduced, arguments: Sequence[str], *, port: int
) -> tuple[list[str], dict[str, str]]:
    """Return the command and the environment of a provider that knows the stage, at a port of this machine."""
    receipts = f"{api_url}{RECEIPTS}?provider={known.provider_id}"
    started = [sys.executable, "-m", "examples.provider", "--port", str(port), "--receipts", receipts]
    return [*started, *arguments], {**without_aws(os.environ), "PROVIDER_SECRET": known.secret}


def asking(api_url: str, token: str) -> Ask:
    """Return what asks the API with a token. It raises NotIntroduced."""

    def ask(method: str, path: str, body: Any) -> Any:
        answer = client.call(method, f"{api_url}{path}", body=body, token=token)
        if answer.status >= 400:
            raise NotIntroduced(f"{method} {path}: {answer.status} {answer.text}")
        return answer.json()

    return ask


def _is_ours(provider: dict[str, Any]) -> bool:
    return provider["name"] == _NAME and str(provider["settings"].get("url", "")).startswith(_BEGINNING)
