"""`milepost projects owners|recommendations|assign|take|decline|transfer`: whom a milestone belongs to."""

from enum import StrEnum
from typing import Annotated

import typer

from milepost_cli import frame
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Csv, Json
from milepost_cli.projects.named import Milestone, User, milestone_path

COLUMNS = ("user_id", "team_id", "role", "status", "workload_percent")
RECOMMENDED = ("user_id", "score", "skill_overlap", "availability", "on_time_rate", "workload_percent", "matched")
_TEAM = "team_"


class Role(StrEnum):
    """The roles of owners."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    OBSERVER = "observer"
    CONTRIBUTOR = "contributor"


OfRole = Annotated[Role, typer.Option("--role", help="As what.")]
Owner = Annotated[str, typer.Argument(metavar="OWNER", help="The id of a user or of a team.")]
Skills = Annotated[
    list[str] | None, typer.Option("--skill", metavar="SKILL", help="One that is wanted; several. Else its tags.")
]
Workload = Annotated[int, typer.Option("--workload", help="Percent of their time that it takes.", min=0, max=100)]


def list_owners(context: typer.Context, milestone: Milestone, as_json: Json = False, as_csv: Csv = False) -> None:
    """List the owners of a milestone."""
    found = open_account(context.obj).get(f"{milestone_path(milestone)}/owners")["items"]
    frame.listed(COLUMNS, found, as_json=as_json, as_csv=as_csv)


def list_recommendations(
    context: typer.Context, milestone: Milestone, skill: Skills = None, as_json: Json = False, as_csv: Csv = False
) -> None:
    """List the members of the project who suit a milestone, the best first, with each part of their score."""
    wanted = frame.sent(skills=",".join(skill) if skill else None, limit=100)
    found = open_account(context.obj).get(f"{milestone_path(milestone)}/owners/recommendations", **wanted)["items"]
    frame.listed(RECOMMENDED, found, as_json=as_json, as_csv=as_csv, worked_out={"matched": _matched})


def assign_milestone(
    context: typer.Context,
    milestone: Milestone,
    owner: Owner,
    role: OfRole = Role.PRIMARY,
    workload: Workload = 0,
    as_json: Json = False,
) -> None:
    """Assign a milestone to a member of the project, who has to accept unless that is you, or to a team of it."""
    holder = "team_id" if owner.startswith(_TEAM) else "user_id"
    draft = {holder: owner, "role": role, "workload_percent": workload}
    made = open_account(context.obj).post(f"{milestone_path(milestone)}/owners", draft)
    frame.shown(made, as_json=as_json)


def accept_ownership(context: typer.Context, milestone: Milestone, as_json: Json = False) -> None:
    """Accept a milestone that is assigned to you."""
    made = open_account(context.obj).post(f"{milestone_path(milestone)}/owners/accept")
    frame.shown(made, as_json=as_json)


def decline_ownership(context: typer.Context, milestone: Milestone, as_json: Json = False) -> None:
    """Decline a milestone that is assigned to you."""
    made = open_account(context.obj).post(f"{milestone_path(milestone)}/owners/decline")
    frame.shown(made, as_json=as_json)


def transfer_milestone(context: typer.Context, milestone: Milestone, user: User, as_json: Json = False) -> None:
    """Make another member of the project the primary owner at once."""
    made = open_account(context.obj).post(f"{milestone_path(milestone)}/owners/transfer", {"user_id": user})
    frame.shown(made, as_json=as_json)


def _matched(recommended: View) -> str:
    return ", ".join(recommended["matched"])
