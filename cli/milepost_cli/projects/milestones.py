"""`milepost projects milestones|mine|milestone|plan|history`."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from milepost_cli import batches, frame
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Csv, Json
from milepost_cli.projects import amounts
from milepost_cli.projects.named import Milestone, Project, milestone_path, project_path

COLUMNS = ("project_milestone_id", "status", "progress", "priority", "due_on", "title")
HISTORY = ("at", "event_type", "status", "by", "reason")
_SHOWN = ("status", "progress", "priority", "kind", "start_on", "due_on", "attempt", "reason", "version")


class Status(StrEnum):
    """The statuses of milestones."""

    DRAFT = "draft"
    PENDING = "pending"
    ACTIVE = "active"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    ESCALATED = "escalated"
    VERIFIED = "verified"
    REJECTED = "rejected"
    APPROVED = "approved"
    CANCELLED = "cancelled"


class Priority(StrEnum):
    """The priorities of milestones."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


OfStatus = Annotated[Status | None, typer.Option("--status", help="Only those in this status.")]
OfPriority = Annotated[Priority | None, typer.Option("--priority", help="Only those of this priority.")]
OfKind = Annotated[str | None, typer.Option("--kind", help="Only those of this kind, as payment.")]
OfPrimary = Annotated[
    str | None, typer.Option("--owner", metavar="USER", help="Only those whose primary owner it is; me for yourself.")
]
OfOwner = Annotated[
    str | None, typer.Option("--owner", metavar="OWNER", help="Those of a team, or for admins of another user.")
]
DueBefore = Annotated[str | None, typer.Option("--due-before", metavar="DAY", help="Only those due before 2026-12-20.")]
File = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, help="A JSON object with fields of a milestone, as the API has them."),
]


def list_milestones(
    context: typer.Context,
    project: Project,
    status: OfStatus = None,
    priority: OfPriority = None,
    kind: OfKind = None,
    owner: OfPrimary = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """List the milestones of a project, the oldest first."""
    account = open_account(context.obj)
    wanted = frame.sent(status=status, priority=priority, kind=kind, owner=owner)
    found = account.every(f"{project_path(account, project)}/project-milestones", **wanted)
    frame.listed(COLUMNS, found, as_json=as_json, as_csv=as_csv)


def list_mine(
    context: typer.Context,
    owner: OfOwner = None,
    status: OfStatus = None,
    due_before: DueBefore = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """List the milestones that you, a team or another user own, over all projects, by due date."""
    # Without an owner a status is for all milestones in it, which admins alone are listed.
    wanted = frame.sent(owner=owner or (None if status is None else "me"), status=status, due_before=due_before)
    found = open_account(context.obj).every("/project-milestones", **wanted)
    frame.listed(COLUMNS, found, as_json=as_json, as_csv=as_csv)


def show_milestone(context: typer.Context, milestone: Milestone, as_json: Json = False) -> None:
    """Show a milestone, and what may happen to it next."""
    show(open_account(context.obj).get(milestone_path(milestone)), as_json=as_json)


def plan_milestone(context: typer.Context, project: Project, file: File, as_json: Json = False) -> None:
    """Make the draft of a milestone that a file describes."""
    account = open_account(context.obj)
    draft = batches.json_file(file)
    show(account.post(f"{project_path(account, project)}/project-milestones", draft), as_json=as_json)


def list_history(context: typer.Context, milestone: Milestone, as_json: Json = False, as_csv: Csv = False) -> None:
    """List what happened to a milestone, who did it, and why."""
    found = open_account(context.obj).every(f"{milestone_path(milestone)}/history")
    frame.listed(HISTORY, found, as_json=as_json, as_csv=as_csv, worked_out={"by": _by})


def show(milestone: View, *, as_json: bool) -> None:
    """Print one milestone."""
    frame.shown(milestone, as_json=as_json, pairs=_pairs)


def _pairs(milestone: View) -> Mapping[str, object]:
    criteria = milestone["completion_criteria"]
    return {
        "milestone": milestone["project_milestone_id"],
        "title": milestone["title"],
        **{name.replace("_", " "): milestone[name] for name in _SHOWN},
        "amount": amounts.told(milestone["amount_minor_units"], milestone["currency"]),
        **{f"criterion {each['key']}": "met" if each["is_met"] else "open" for each in criteria},
        "primary owner": milestone["primary_owner_id"],
        "blocked by": ", ".join(milestone["completion_blocked_by"]),
        "overdue": milestone["is_overdue"],
        "at risk": ", ".join(milestone["risks"]),
        "next": ", ".join(milestone["allowed"]),
    }


def _by(happened: View) -> object:
    return (happened["by"] or {}).get("id")
