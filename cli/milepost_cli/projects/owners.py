"""`milepost projects owners|assign|take|decline|transfer`: whom a milestone belongs to."""

from enum import StrEnum
from typing import Annotated

import typer

from milepost_cli import frame
from milepost_cli.account import open_account
from milepost_cli.options import Csv, Json
from milepost_cli.projects.named import Milestone, User, milestone_path

COLUMNS = ("user_id", "team_id", "role", "status", "workload_percent")


class Role(StrEnum):
    """The roles of owners."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    OBSERVER = "observer"
    CONTRIBUTOR = "contributor"


OfRole = Annotated[Role, typer.Option("--role", help="As what.")]
Workload = Annotated[int, typer.Option("--workload", help="Percent of their time that it takes.", min=0, max=100)]


def list_owners(context: typer.Context, milestone: Milestone, as_json: Json = False, as_csv: Csv = False) -> None:
    """List the owners of a milestone."""
    found = open_account(context.obj).get(f"{milestone_path(milestone)}/owners")["items"]
    frame.listed(COLUMNS, found, as_json=as_json, as_csv=as_csv)


def assign_milestone(
    context: typer.Context,
    milestone: Milestone,
    user: User,
    role: OfRole = Role.PRIMARY,
    workload: Workload = 0,
    as_json: Json = False,
) -> None:
    """Assign a milestone to a member of the project, who has to accept unless that is you."""
    draft = {"user_id": user, "role": role, "workload_percent": workload}
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
