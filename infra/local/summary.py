"""What `make up` leaves behind: where everything is and how to get in, on the screen and in two files of `.milepost`.

`local.json` has all of it; `env` has for a shell what the README, the command line and the examples are told by.
"""

import json
import shlex
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from infra.demo.team import Team
from infra.explorer import publishing as explorer
from infra.parts import publishing as parts
from infra.sent import publishing as sent
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn

# What runs on this machine is not asked for through a proxy; curl looks for the one name, others for the other.
_DIRECT = """\
export no_proxy="127.0.0.1,localhost,${no_proxy:-${NO_PROXY:-}}"
export NO_PROXY="$no_proxy"
"""
_FIRST_COMMAND = """\
. .milepost/env; curl -sw '\\n' -H "Authorization: Bearer $TOKEN" "$API/goals/progress?limit=1\""""


def write(path: Path, *, addresses: Addresses, demo: SignIn, team: Team) -> None:
    """Write the addresses, the sign-in and the team to a file that only its owner may read."""
    path.touch(mode=0o600)
    path.write_text(json.dumps({**asdict(addresses), **asdict(demo), "team": asdict(team)}, indent=2) + "\n")


def write_environment(path: Path, *, addresses: Addresses, demo: SignIn) -> None:
    """Write what a shell reads with `. .milepost/env`, to a file that only its owner may read."""
    api = f"{addresses.api_url}/api/v1"
    told = {
        "API": api,
        "GRAPHQL": addresses.graphql_url,
        "TOKEN": demo.access_token,
        "MILEPOST_URL": addresses.api_url,
        "MILEPOST_API": api,
        "MILEPOST_EMAIL": demo.email,
        "MILEPOST_PASSWORD": demo.password,
    }
    path.touch(mode=0o600)
    exports = [f"export {name}={shlex.quote(value)}\n" for name, value in told.items()]
    path.write_text("".join(exports) + _DIRECT)


def known_key(path: Path) -> str | None:
    """Return the API key that was written, None when there is none."""
    written = json.loads(path.read_text()) if path.exists() else {}
    key: str | None = written.get("team", {}).get("service", {}).get("key")
    return key


def renew(path: Path, *, demo: SignIn) -> None:
    """Put a fresh token into the file that `write` has written."""
    written = json.loads(path.read_text())
    path.write_text(json.dumps({**written, **asdict(demo)}, indent=2) + "\n")


def show(console: Console, *, addresses: Addresses, demo: SignIn) -> None:
    """Print where the dashboard is, how to get in, and one request."""
    _print(console, [("Dashboard", f"{addresses.api_url}/"), ("Sign in", f"{demo.email} with {demo.password}")])
    console.print("\n[bold]From a shell[/], with a token for 15 minutes:\n")
    console.out(_FIRST_COMMAND, highlight=False)
    console.print("\nmake status has every address and sign-in, make token another token.", highlight=False)


def show_everything(
    console: Console, *, addresses: Addresses, demo: SignIn, team: Team, provider_url: str | None
) -> None:
    """Print every address, and how the owner and each of the team get in; the provider's is None when it is stopped."""
    provider = ("Provider", provider_url or "stopped; make up starts it")
    _print(console, [*_places(addresses), provider, *_people(demo, team)])


def _print(console: Console, rows: list[tuple[str, str]]) -> None:
    console.print()
    for name, value in rows:
        # Never broken into lines, so that it can be copied from any width of terminal.
        console.print(f"  [bold]{name:<13}[/] {value}", soft_wrap=True, highlight=False)


def _places(addresses: Addresses) -> list[tuple[str, str]]:
    return [
        ("Dashboard", f"{addresses.api_url}/"),
        ("API", f"{addresses.api_url}/api/v1"),
        ("Docs", f"{addresses.api_url}/api/v1/docs"),
        ("GraphQL", addresses.graphql_url),
        ("Explorer", explorer.address(addresses)),
        ("Parts", parts.address(addresses)),
        ("Outbox", sent.address(addresses)),
        ("Health", f"{addresses.api_url}/api/v1/health"),
        ("AWS endpoint", addresses.endpoint_url),
    ]


def _people(demo: SignIn, team: Team) -> list[tuple[str, str]]:
    return [
        ("Owner", demo.email),
        ("Admin", team.admin.email),
        ("Member", team.member.email),
        ("Viewer", team.viewer.email),
        ("Client", f"{team.client.email}  (a guest, who sees one project)"),
        ("Password", f"{demo.password}  (of all five)"),
        ("API key", f"{team.service.key}  (X-API-Key, of the service {team.service.name})"),
    ]
