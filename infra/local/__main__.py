"""`python -m infra.local up|down|reset|status|token`: the local stage from the command line."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from infra.demo import team
from infra.demo.account import Account, NotDone
from infra.demo.team import Team
from infra.explorer import publishing as explorer
from infra.local import stream, summary, turn, warming
from infra.parts import publishing as parts
from infra.sent import publishing as sent
from infra.stage import beside, deployment, private, provider, stack_names
from infra.stage.background import NotStarted
from infra.stage.deployment import Addresses, DeploymentError
from infra.stage.kept import Loss
from infra.stage.ministack import LOCKS, MiniStack, MiniStackError
from infra.stage.provider import NotIntroduced
from infra.stage.sign_in import EMAIL, SignIn, SignInFailed, demo_password, sign_in
from infra.stage.stack_names import NoSuchStack
from infra.stage.steps import Report, Steps

ROOT = Path(__file__).parents[2]
STATE = ROOT / ".milepost"
# The bundles cost time, not data. A lock that is removed is no lock for the command that waits for it.
KEPT_ON_RESET = {"bundles", turn.LOCK, *LOCKS}
NOT_RUNNING = "The local stage does not run; start it with `make up`."

console = Console()


def main() -> int:
    """Run the command and return the exit code."""
    commands: dict[str, Callable[[MiniStack], int]] = {
        "up": up,
        "down": down,
        "reset": reset,
        "status": status,
        "token": token,
    }
    parser = argparse.ArgumentParser(prog="python -m infra.local", description="The local stage of Milepost.")
    parser.add_argument("command", choices=commands)
    parser.add_argument("--port", type=int, default=os.environ.get("PORT") or None)
    parser.add_argument("--only", default=os.environ.get("ONLY") or None, help="up: the one stack to deploy")
    arguments = parser.parse_args()
    private.from_now_on()
    try:
        commands["up"] = partial(up, only=stack_names.named("local", arguments.only) if arguments.only else None)
        return commands[arguments.command](MiniStack(state=STATE, port=arguments.port))
    except (
        NoSuchStack,
        MiniStackError,
        DeploymentError,
        SignInFailed,
        NotDone,
        NotIntroduced,
        NotStarted,
        subprocess.CalledProcessError,
        OSError,
    ) as failure:
        refusal = Console(stderr=True)
        refusal.print(f"[red]{type(failure).__name__}[/]: {escape(str(failure))}", highlight=False)
        return 1


def up(ministack: MiniStack, *, only: str | None = None) -> int:
    """Start, deploy what has changed, load the demo, and say where the dashboard is and how to get in.

    Of what has changed, it deploys the stack `only` if there is one.

    Whatever older data need is done between the deployment and the first sign-in, when nobody has called yet.
    """
    with turn.taken(STATE, console):
        private.close(STATE)
        steps = Steps(console, total=7)
        with steps.step("MiniStack answers"):
            # Before the stage: messages that wait since the last stop find it again.
            beside.again(STATE)
            loss = ministack.start()
        _confess(loss)
        with steps.step("Milepost is deployed") as report:
            _deploy(ministack, report, only)
        with steps.step("The table has the shape of this version"):
            _migrate()
        with steps.step("No event is lost since the last stop") as report:
            stream.catch_up(ministack, report)
        addresses = deployment.addresses(ministack)
        with steps.step(f"{EMAIL} is signed in, and their team is there"):
            demo = _demo_user(addresses.api_url)
            _team(addresses, demo)
        with steps.step("A provider of messages answers"):
            ask = provider.asking(addresses.api_url, demo.access_token)
            beside.begin(STATE, addresses.api_url, ask, afresh=loss is not None)
        with steps.step("The demo is loaded"):
            _load_demo(addresses)
    summary.show(console, addresses=addresses, demo=demo)
    warming.begin(addresses, demo)
    return 0


def down(ministack: MiniStack) -> int:
    """Stop when the stream is read; the data stays on disk."""
    with turn.taken(STATE, console):
        steps = Steps(console, total=2)
        with steps.step("The stream is read") as report:
            stream.drain(ministack, report)
        _stop(ministack, steps, done="MiniStack is stopped, its data kept")
    return 0


def reset(ministack: MiniStack) -> int:
    """Stop and forget all data."""
    with turn.taken(STATE, console):
        _stop(ministack, Steps(console, total=1), done="MiniStack is stopped")
        for path in STATE.iterdir():
            if path.name not in KEPT_ON_RESET:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    console.print("[green]✓[/] All data of the local stage are gone")
    return 0


def status(ministack: MiniStack) -> int:
    """Say whether it runs, where everything is, and who may get in; exit code 1 when it does not."""
    running = _running(ministack)
    demo = _demo_user(running.api_url)
    others, provider_url = _team(running, demo), beside.address(STATE)
    summary.show_everything(console, addresses=running, demo=demo, team=others, provider_url=provider_url)
    return 0


def token(ministack: MiniStack) -> int:
    """Print a fresh token of the demo's owner, and put it where shells and programs look for it."""
    running = _running(ministack)
    demo = _demo_user(running.api_url)
    summary.renew(STATE / "local.json", demo=demo)
    summary.write_environment(STATE / "env", addresses=running, demo=demo)
    sys.stdout.write(f"{demo.access_token}\n")
    return 0


def _confess(loss: Loss | None) -> None:
    if loss is None:
        return
    kept = f"Everything since {loss.since.astimezone():%Y-%m-%d %H:%M}" if loss.since else "Everything in it"
    console.print(
        "[yellow]The local stage was killed, and had no time to write its data.[/] "
        f"{kept} is lost; the demo is loaded again. `make down` stops it and keeps its data.",
        soft_wrap=True,
        highlight=False,
    )


def _deploy(ministack: MiniStack, report: Report, only: str | None) -> None:
    """Deploy what has changed."""
    if only is not None:
        deployment.deploy_one(only, root=ROOT, ministack=ministack, report=report)
        return
    if deployment.is_current(root=ROOT, ministack=ministack):
        return
    deployment.deploy(root=ROOT, ministack=ministack, report=report)


def _running(ministack: MiniStack) -> Addresses:
    """Return the addresses of the stage. Raises MiniStackError when none runs."""
    if ministack.running_port() is None or not (STATE / "deployed").exists():
        raise MiniStackError(NOT_RUNNING)
    return deployment.addresses(ministack)


def _migrate() -> None:
    # In a process of its own: it becomes another role.
    subprocess.run(
        [sys.executable, "-m", "infra.commands.migrate", "local"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )


def _stop(ministack: MiniStack, steps: Steps, *, done: str) -> None:
    with steps.step(done):
        was_running = ministack.stop()
        # After the stage, so that nothing is sent in vain.
        beside.end(STATE)
    if not was_running:
        console.print("It was not running.")


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


def _load_demo(addresses: Addresses) -> None:
    """Load the demo once into the data of this folder, and meanwhile publish the pages for developers."""
    stamp = STATE / "demo-loaded"
    with ThreadPoolExecutor(1) as beside:
        published = [beside.submit(page.publish, addresses) for page in (explorer, parts, sent)]
        if not stamp.exists():
            subprocess.run([sys.executable, "-m", "infra.demo", "--quiet"], cwd=ROOT, check=True)
            stamp.touch()
        for each in published:
            each.result()


if __name__ == "__main__":
    sys.exit(main())
