"""How a project and a milestone of it are named on the command line, and where they are in the API."""

import re
from typing import Annotated
from urllib.parse import quote

import typer

from milepost_cli.account import Account
from milepost_cli.names import folded
from milepost_cli.stops import Misused, NotFound

_ID = re.compile(r"prj_[0-9A-Z]{26}", re.ASCII)

Project = Annotated[str, typer.Argument(metavar="PROJECT", help="The id of a project, or its name.")]
Milestone = Annotated[str, typer.Argument(metavar="MILESTONE", help="The id of a milestone.")]
User = Annotated[str, typer.Argument(metavar="USER", help="The id of a user.")]


def project_path(account: Account, text: str) -> str:
    """Return where the project is that is meant. Raises NotFound, or Misused when several projects have the name."""
    return f"/projects/{project_id(account, text)}"


def project_id(account: Account, text: str) -> str:
    """Return the id of the project that is meant. Raises as `project_path` does."""
    if _ID.fullmatch(text):
        return text
    meant = [each for each in account.every("/projects") if folded(each["name"]) == folded(text)]
    if not meant:
        raise NotFound(f"There is no project with the id or the name {text!r}.")
    if len(meant) > 1:
        ids = ", ".join(str(each["project_id"]) for each in meant[:5])
        raise Misused(f"{len(meant)} projects have the name {text!r}; say which by its id: {ids}")
    return str(meant[0]["project_id"])


def milestone_path(milestone: str) -> str:
    """Return where a milestone is."""
    return f"/project-milestones/{quote(milestone, safe='')}"
