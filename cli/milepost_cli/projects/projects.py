"""`milepost projects list|show|add|members`."""

from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from milepost_cli import frame, terminal
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Csv, Json
from milepost_cli.projects.named import Project, project_path

COLUMNS = ("project_id", "status", "client", "name")
MEMBERS = ("user_id", "roles", "skills")

Name = Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")]
Currency = Annotated[str, typer.Option("--currency", help="Of all its amounts, ISO 4217, as EUR.")]
Zone = Annotated[str | None, typer.Option("--time-zone", help="In which its days end, as Europe/Berlin.")]


def list_projects(context: typer.Context, as_json: Json = False, as_csv: Csv = False) -> None:
    """List the projects that you are a member of; for an admin, all projects of the tenant."""
    found = open_account(context.obj).every("/projects")
    frame.listed(COLUMNS, found, as_json=as_json, as_csv=as_csv, worked_out={"client": _client})


def show_project(context: typer.Context, project: Project, as_json: Json = False) -> None:
    """Show a project and how far it is."""
    account = open_account(context.obj)
    frame.shown(account.get(project_path(account, project)), as_json=as_json, pairs=_pairs)


def add_project(
    context: typer.Context, name: Name, currency: Currency = "EUR", time_zone: Zone = None, as_json: Json = False
) -> None:
    """Make a project. You are its first member and its manager."""
    draft = frame.sent(name=name, currency=currency, time_zone=time_zone)
    frame.shown(open_account(context.obj).post("/projects", draft), as_json=as_json, pairs=_pairs)


def list_members(context: typer.Context, project: Project, as_json: Json = False, as_csv: Csv = False) -> None:
    """List the members of a project with their roles and skills."""
    account = open_account(context.obj)
    joined = {name: _joined(name) for name in ("roles", "skills")}
    found = account.every(f"{project_path(account, project)}/members")
    frame.listed(MEMBERS, found, as_json=as_json, as_csv=as_csv, worked_out=joined)


def _joined(name: str) -> Callable[[View], object]:
    return lambda member: ", ".join(member[name])


def _client(project: View) -> object:
    return (project["client"] or {}).get("name")


def _pairs(project: View) -> Mapping[str, object]:
    progress = project["progress_text"] if terminal.is_for_people() else f"{project['progress_percent']} %"
    by_status = project["milestones_by_status"]
    return {
        "project": project["project_id"],
        "name": project["name"],
        "status": project["status"],
        "client": _client(project),
        "currency": project["currency"],
        "progress": progress,
        "milestones": f"{project['open_milestones']} of {project['milestones']} open",
        **{f"milestones {status}": by_status[status] for status in sorted(by_status)},
        "members": project["members"],
        "time zone": project["time_zone"],
        "escrow": "yes" if project["escrow"] else "no",
        "version": project["version"],
    }
