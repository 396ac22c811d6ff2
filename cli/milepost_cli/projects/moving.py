"""`milepost projects activate|start|progress|check|complete|recall|accept|refuse|rework|cancel`: events of people."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from milepost_cli.account import open_account
from milepost_cli.options import Json, Version
from milepost_cli.projects import milestones
from milepost_cli.projects.named import Milestone, milestone_path

Percent = Annotated[int, typer.Argument(metavar="PERCENT", help="How far it is, 0 to 100.", min=0, max=100)]
Criterion = Annotated[str, typer.Argument(metavar="CRITERION", help="The key of a criterion.")]
Open = Annotated[bool, typer.Option("--open", help="It is not met any more.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; shown in the history.")]


def set_progress(
    context: typer.Context, milestone: Milestone, percent: Percent, if_version: Version = None, as_json: Json = False
) -> None:
    """Say how far a milestone is; at 100 it is completed, unless something keeps it open."""
    path = f"{milestone_path(milestone)}/progress"
    made = open_account(context.obj).put(path, {"progress": percent}, version=if_version)
    milestones.show(made, as_json=as_json)


def check_criterion(
    context: typer.Context, milestone: Milestone, criterion: Criterion, is_open: Open = False, as_json: Json = False
) -> None:
    """Say that a criterion of a milestone is met."""
    path = f"{milestone_path(milestone)}/checklist/{quote(criterion, safe='')}"
    milestones.show(open_account(context.obj).put(path, {"is_met": not is_open}), as_json=as_json)


def activate_milestone(context: typer.Context, milestone: Milestone, as_json: Json = False) -> None:
    """Let a draft be started, once nothing that it depends on is open."""
    _move(context, milestone, "activate", as_json=as_json)


def start_milestone(context: typer.Context, milestone: Milestone, as_json: Json = False) -> None:
    """Begin the work on a milestone."""
    _move(context, milestone, "start", as_json=as_json)


def complete_milestone(context: typer.Context, milestone: Milestone, as_json: Json = False) -> None:
    """Complete a milestone; its layers begin to decide."""
    _move(context, milestone, "complete", as_json=as_json)


def recall_milestone(context: typer.Context, milestone: Milestone, as_json: Json = False) -> None:
    """Take a completed milestone back from its layers."""
    _move(context, milestone, "recall", as_json=as_json)


def accept_milestone(context: typer.Context, milestone: Milestone, as_json: Json = False) -> None:
    """Accept a verified milestone."""
    _move(context, milestone, "accept", as_json=as_json)


def refuse_milestone(context: typer.Context, milestone: Milestone, reason: Reason, as_json: Json = False) -> None:
    """Refuse a verified milestone, with a reason."""
    _move(context, milestone, "refuse", {"reason": reason}, as_json=as_json)


def rework_milestone(context: typer.Context, milestone: Milestone, as_json: Json = False) -> None:
    """Begin the next attempt at a rejected milestone."""
    _move(context, milestone, "rework", as_json=as_json)


def cancel_milestone(context: typer.Context, milestone: Milestone, reason: Reason, as_json: Json = False) -> None:
    """Cancel a milestone for good, with a reason."""
    _move(context, milestone, "cancel", {"reason": reason}, as_json=as_json)


def _move(context: typer.Context, milestone: str, event: str, body: Any = None, *, as_json: bool) -> None:
    moved = open_account(context.obj).post(f"{milestone_path(milestone)}/{event}", body)
    milestones.show(moved, as_json=as_json)
