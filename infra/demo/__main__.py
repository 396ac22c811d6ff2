"""`python -m infra.demo`: bring the demo into the local stage, through its API, and show it.

It is how releases of Python went, as goals and a project; a mill that is restored, milestone by milestone, a
weir that is paid for, and a shop that is planned; and an audience of 2,000 people, to whom campaigns are sent.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console, RenderableType

from infra.demo import account as accounts
from infra.demo import (
    audience,
    audience_board,
    campaigns,
    histories,
    mill,
    people,
    project,
    releases,
    shop,
    tour,
    weir,
)
from infra.demo.account import Account, NotDone
from infra.demo.board import Goal, board, picture
from infra.demo.loading import load, share
from infra.demo.projects import Crew
from infra.stage import beside, evaluator, provider
from infra.stage.background import NotStarted
from infra.stage.provider import NotIntroduced
from infra.stage.sign_in import SignInFailed, sign_in

STAGE = Path(__file__).parents[2] / ".milepost" / "local.json"


class NoStage(Exception):
    """There is no local stage to load the demo into; the message says what to do."""


def main() -> int:
    """Load what is not there yet, show everything, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.demo", description=__doc__)
    parser.add_argument("--quiet", action="store_true", help="load it without a word")
    parser.add_argument("--picture", type=Path, help="also write what is shown to this SVG file")
    arguments = parser.parse_args()
    console = Console(quiet=arguments.quiet)
    try:
        account = signed_in(STAGE)
        # The files of leads follow the leads some seconds later: meanwhile there is other work.
        _bring_people(account, console)
        goals = load(account, histories.every(), console)
        share(account, goals, teammates(STAGE))
        releases.store(account)
        tour.write(account)
        _track_project(account, console)
        _work_on_projects(account, goals, console)
        _send_campaigns(account, console)
        if arguments.quiet:
            return 0
        campaigns.await_end(account)
        boards = board(goals), _audience_board(account)
    except (NoStage, NotDone, NotIntroduced, NotStarted, SignInFailed, OSError) as failure:
        Console(stderr=True).print(f"[red]{type(failure).__name__}[/]: {failure}", highlight=False)
        return 1
    console.print(*boards, sep="\n")
    if arguments.picture:
        arguments.picture.write_text(picture(*boards), encoding="utf-8")
    return 0


def _bring_people(account: Account, console: Console) -> None:
    """Bring in the audience once, and have a provider to send to it by."""
    beside.begin(STAGE.parent, account.api_url, provider.asking(account.api_url, account.token), afresh=False)
    with console.status(f"{people.COUNT:,} people are brought in …"):
        audience.bring(account)


def _send_campaigns(account: Account, console: Console) -> None:
    with console.status("campaigns begin as soon as the files of leads have everybody …"):
        campaigns.start(account)


def _audience_board(account: Account) -> RenderableType:
    counts = {name: audience.counted(account, rule) for name, rule in audience.RULES.items()}
    return audience_board.board(audience.counted(account, audience.EVERYBODY), counts, campaigns.shown(account))


def _track_project(account: Account, console: Console) -> None:
    """Bring in the project once, and run the evaluator as long as that takes."""
    if project.is_there(account):
        return
    series = project.write_series(STAGE.parent / "kpis")
    with console.status(f"an evaluator judges the milestones of {project.PROJECT} …"), evaluator.running(series):
        project.track(account)
        project.await_verdicts(account)


def _work_on_projects(account: Account, goals: Sequence[Goal], console: Console) -> None:
    """Bring in the projects that people work on, as those people, each once."""
    if missing := [each for each in (mill, weir) if not each.is_there(account)]:
        crew = _crew(account)
        for each in missing:
            with console.status(f"people work on {each.NAME} …"):
                each.bring(crew)
    if not shop.is_there(account):
        (goal_id,) = (each["goal_id"] for each in goals if each["title"] == shop.GOAL)
        with console.status(f"{shop.NAME} is planned …"):
            shop.bring(account, goal_id)


def _crew(account: Account) -> Crew:
    found = json.loads(STAGE.read_text(encoding="utf-8"))
    members = [found["team"][name] for name in ("admin", "member", "client")]
    admin, builder, client = (
        accounts.signed_in(account, email=each["email"], password=found["password"]) for each in members
    )
    _, builder_id, client_id = (each["user_id"] for each in members)
    ids = {"builder_id": builder_id, "client_id": client_id}
    return Crew(manager=account, admin=admin, builder=builder, client=client, **ids)


def signed_in(stage: Path) -> Account:
    """Return the demo user of the stage that this file describes. Raises NoStage or SignInFailed."""
    if not stage.exists():
        raise NoStage("nothing is running here; start it with `make up`")
    found = json.loads(stage.read_text(encoding="utf-8"))
    user = sign_in(api_url=found["api_url"], email=found["email"], password=found["password"], display_name="Demo")
    return Account(api_url=found["api_url"], token=user.access_token)


def teammates(stage: Path) -> dict[str, str]:
    """Return the user ids of who else is in the tenant, by what they are in it."""
    team = json.loads(stage.read_text(encoding="utf-8")).get("team", {})
    return {name: each["user_id"] for name, each in team.items()}


if __name__ == "__main__":
    sys.exit(main())
