"""`milepost projects teams|add-team|change-team|delete-team`: members who own milestones together."""

from typing import Annotated
from urllib.parse import quote

import typer

from milepost_cli import frame
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Csv, Json, Version, Yes
from milepost_cli.projects.named import Project, project_path
from milepost_cli.stops import Misused

COLUMNS = ("team_id", "people", "name")

Team = Annotated[str, typer.Argument(metavar="TEAM", help="The id of a team of the project.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")]
NewName = Annotated[str | None, typer.Option("--name", help="What it is called.")]
People = Annotated[
    list[str] | None, typer.Option("--member", metavar="USER", help="Who is in it, all of them; several times.")
]


def list_teams(context: typer.Context, project: Project, as_json: Json = False, as_csv: Csv = False) -> None:
    """List the teams of a project with who is in them."""
    account = open_account(context.obj)
    found = account.get(f"{project_path(account, project)}/teams")["items"]
    frame.listed(COLUMNS, found, as_json=as_json, as_csv=as_csv, worked_out={"people": _people})


def add_team(
    context: typer.Context, project: Project, name: Name, member: People = None, as_json: Json = False
) -> None:
    """Make a team of members of a project, to own milestones together."""
    account = open_account(context.obj)
    made = account.post(f"{project_path(account, project)}/teams", {"name": name, "people": member or []})
    frame.shown(made, as_json=as_json, pairs=_pairs)


def change_team(
    context: typer.Context,
    project: Project,
    team: Team,
    name: NewName = None,
    member: People = None,
    if_version: Version = None,
    as_json: Json = False,
) -> None:
    """Change the name of a team, or who is in it."""
    body = frame.sent(name=name, people=member or None)
    if not body:
        raise Misused("Say what is to change: --name or --member.")
    account = open_account(context.obj)
    path = f"{project_path(account, project)}/teams/{quote(team, safe='')}"
    frame.shown(account.patch(path, body, version=if_version), as_json=as_json, pairs=_pairs)


def delete_team(
    context: typer.Context, project: Project, team: Team, yes: Yes = False, if_version: Version = None
) -> None:
    """Remove a team; it owns nothing any more."""
    frame.confirm(f"Remove the team {team}?", agreed=yes)
    account = open_account(context.obj)
    account.delete(f"{project_path(account, project)}/teams/{quote(team, safe='')}", version=if_version)


def _people(team: View) -> str:
    return ", ".join(team["people"])


def _pairs(team: View) -> View:
    return {"team": team["team_id"], "name": team["name"], "people": _people(team), "version": team["version"]}
