"""What `make up` leaves behind: where everything is and how to get in, on the screen and in two files of `.milepost`.

`local.json` has all of it; `env` has for a shell what the README, the command line and the examples are told by.
"""

import json
import shlex
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.syntax import Syntax

from infra.demo.team import Team
from infra.explorer import publishing
from infra.local.client import Answer, call
from infra.local.deployment import Addresses
from infra.local.sign_in import SignIn

FIRST_QUESTION = "/goals/progress?limit=1"


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
    path.write_text("".join(f"export {name}={shlex.quote(value)}\n" for name, value in told.items()))


def known_key(path: Path) -> str | None:
    """Return the API key that was written, None when there is none."""
    written = json.loads(path.read_text()) if path.exists() else {}
    key: str | None = written.get("team", {}).get("service", {}).get("key")
    return key


def show(console: Console, *, addresses: Addresses, demo: SignIn, team: Team) -> None:
    """Print the addresses, the sign-ins, a key, a token, and one request with its answer."""
    for name, value in _rows(addresses, demo, team):
        # Never broken into lines, so that it can be copied from any width of terminal.
        console.print(f"  [bold]{name:<13}[/] {value}", soft_wrap=True, highlight=False)
    answer = call("GET", f"{addresses.api_url}/api/v1{FIRST_QUESTION}", token=demo.access_token)
    console.print("\n[bold]For your shell, with a token for 15 minutes, and a first question:[/]\n")
    console.out(". .milepost/env", highlight=False)
    console.out(f'curl -s -H "Authorization: Bearer $TOKEN" "$API{FIRST_QUESTION}"\n', highlight=False)
    console.print(Syntax(_pretty(answer), "json", background_color="default", word_wrap=True))


def _rows(addresses: Addresses, demo: SignIn, team: Team) -> list[tuple[str, str]]:
    return [
        ("Dashboard", f"{addresses.api_url}/"),
        ("API", f"{addresses.api_url}/api/v1"),
        ("Docs", f"{addresses.api_url}/api/v1/docs"),
        ("GraphQL", addresses.graphql_url),
        ("Explorer", publishing.address(addresses)),
        ("Health", f"{addresses.api_url}/api/v1/health"),
        ("AWS endpoint", addresses.endpoint_url),
        ("Owner", demo.email),
        ("Member", team.member.email),
        ("Viewer", team.viewer.email),
        ("Password", f"{demo.password}  (of all three)"),
        ("API key", f"{team.service.key}  (X-API-Key, of the service {team.service.name})"),
    ]


def _pretty(answer: Answer) -> str:
    return json.dumps(answer.json(), indent=2, ensure_ascii=False)
