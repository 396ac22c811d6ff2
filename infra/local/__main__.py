"""`python -m infra.local up|down|reset|status`: the local stage from the command line."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from infra.demo import team
from infra.demo.account import Account, NotDone
from infra.demo.team import Team
from infra.explorer import publishing
from infra.local import deployment, stream, summary
from infra.local.deployment import Addresses, DeploymentError
from infra.local.ministack import MiniStack, MiniStackError
from infra.local.sign_in import EMAIL, SignIn, SignInFailed, demo_password, sign_in

ROOT = Path(__file__).parents[2]
STATE = ROOT / ".milepost"
# What is kept in STATE but costs time, not data.
KEPT_ON_RESET = {"bundles"}

console = Console()


def main() -> int:
    """Run the command and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.local", description="The local stage of Milepost.")
    parser.add_argument("command", choices=["up", "down", "reset", "status"])
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 4566))
    arguments = parser.parse_args()
    ministack = MiniStack(state=STATE, port=arguments.port)
    commands: dict[str, Callable[[MiniStack], int]] = {"up": up, "down": down, "reset": reset, "status": status}
    try:
        return commands[arguments.command](ministack)
    except (MiniStackError, DeploymentError, SignInFailed, NotDone, subprocess.CalledProcessError) as failure:
        console.print(f"[red]{type(failure).__name__}[/]: {escape(str(failure))}", highlight=False)
        return 1


def up(ministack: MiniStack) -> int:
    """Start, deploy what has changed, load the demo, and say where everything is."""
    with _step("MiniStack answers"):
        ministack.start()
    if not deployment.is_current(root=ROOT, ministack=ministack):
        with _step("Milepost is deployed") as report:
            deployment.deploy(root=ROOT, ministack=ministack, report=report)
        # A MiniStack that was killed has lost its data too; the demo leaves alone what is still there.
        (STATE / "demo-loaded").unlink(missing_ok=True)
    with _step("The table has the shape of this version"):
        command = [sys.executable, "-m", "infra.migrate", "local"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    with _step("No event is lost since the last stop") as report:
        stream.catch_up(ministack, report)
    addresses = deployment.addresses(ministack)
    with _step(f"{EMAIL} is signed in"):
        demo = _demo_user(addresses.api_url)
    with _step("Their team is there"):
        others = _team(addresses, demo)
    _load_demo()
    publishing.publish(addresses)
    summary.show(console, addresses=addresses, demo=demo, team=others)
    return 0


def down(ministack: MiniStack) -> int:
    """Stop when the stream is read; the data stays on disk."""
    with _step("The stream is read") as report:
        stream.drain(ministack, report)
    with _step("MiniStack is stopped, its data kept"):
        ministack.stop()
    return 0


def reset(ministack: MiniStack) -> int:
    """Stop and forget all data."""
    with _step("MiniStack is stopped, its data gone"):
        ministack.stop()
        for path in STATE.iterdir():
            if path.name in KEPT_ON_RESET:
                continue
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return 0


def status(ministack: MiniStack) -> int:
    """Say whether it runs and where; exit code 1 when it does not."""
    port = ministack.running_port()
    if port is None:
        console.print("not running: make up")
        return 1
    running = MiniStack(state=STATE, port=port)
    if not (STATE / "outputs.json").exists():
        console.print(f"running at {running.endpoint}, nothing deployed: make up")
        return 1
    addresses = deployment.addresses(running)
    demo = _demo_user(addresses.api_url)
    summary.show(console, addresses=addresses, demo=demo, team=_team(addresses, demo))
    return 0


def _demo_user(api_url: str) -> SignIn:
    return sign_in(api_url=api_url, email=EMAIL, password=demo_password(STATE), display_name="Demo")


def _team(addresses: Addresses, demo: SignIn) -> Team:
    """Return who else is in the demo's tenant, and write down how to get in."""
    path = STATE / "local.json"
    owner = Account(api_url=addresses.api_url, token=demo.access_token)
    others = team.gather(owner, password=demo.password, known_key=summary.known_key(path))
    summary.write(path, addresses=addresses, demo=demo, team=others)
    summary.write_environment(STATE / "env", addresses=addresses, demo=demo)
    return others


def _load_demo() -> None:
    """Load the demo once into the data of this folder."""
    stamp = STATE / "demo-loaded"
    if stamp.exists():
        return
    subprocess.run([sys.executable, "-m", "infra.demo"], cwd=ROOT, check=True)
    stamp.touch()


@contextmanager
def _step(done: str) -> Iterator[deployment.Report]:
    """Show that something is going on, and what; then that it is done, and how long it took."""
    started = time.monotonic()
    with console.status(f"{done} …") as spinner:
        yield lambda what: spinner.update(f"{done} … [dim]{escape(what)}[/]")
    console.print(f"[green]✓[/] {done} [dim]({time.monotonic() - started:.1f} s)[/]", highlight=False)


if __name__ == "__main__":
    sys.exit(main())
