"""`milepost worklist list|show|approve|reject`: what waits for you, and what you decide on it.

Nobody approves what they have not seen. Somebody at a terminal is shown what is under review and asked; a script sends
the digest of what it has been shown by `show`.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated
from urllib.parse import quote

import typer

from milepost_cli import frame, terminal
from milepost_cli.account import Account, open_account
from milepost_cli.frame import View
from milepost_cli.options import Csv, Json
from milepost_cli.projects import amounts
from milepost_cli.projects.named import milestone_path
from milepost_cli.stops import Misused, NotFound

COLUMNS = ("work_id", "kind", "due_at", "name", "title")

Work = Annotated[str, typer.Argument(metavar="WORK", help="The id of what waits for you, as the list has it.")]
For = Annotated[
    str | None, typer.Option("--for", metavar="USER", help="In whose place: a user who has delegated to you.")
]
Digest = Annotated[
    str | None, typer.Option("--digest", help="What you have seen, as show prints it; without it you are asked.")
]
Reason = Annotated[str, typer.Option("--reason", help="Why, up to 500 characters.")]
Comment = Annotated[str | None, typer.Option("--comment", help="What you say besides, up to 500 characters.")]
Score = Annotated[int | None, typer.Option("--score", help="Where the layer has a minimum.")]
Checked = Annotated[
    list[str] | None, typer.Option("--checked", metavar="POINT", help="A point of the checklist; several times.")
]


def list_work(context: typer.Context, on_behalf_of: For = None, as_json: Json = False, as_csv: Csv = False) -> None:
    """List what waits for you, what is due first first."""
    frame.listed(COLUMNS, _every(open_account(context.obj), on_behalf_of), as_json=as_json, as_csv=as_csv)


def show_work(context: typer.Context, work: Work, on_behalf_of: For = None, as_json: Json = False) -> None:
    """Show what is under review, and the digest to decide with."""
    account = open_account(context.obj)
    frame.shown(_reviewed(account, work, on_behalf_of), as_json=as_json, pairs=_pairs)


def approve_work(
    context: typer.Context,
    work: Work,
    digest: Digest = None,
    score: Score = None,
    checked: Checked = None,
    comment: Comment = None,
    on_behalf_of: For = None,
    as_json: Json = False,
) -> None:
    """Approve what is under review."""
    more = frame.sent(score=score, checklist=checked, comment=comment, on_behalf_of=on_behalf_of)
    _decide(context, work, digest, {"decision": "approve", **more}, as_json=as_json)


def reject_work(
    context: typer.Context,
    work: Work,
    reason: Reason,
    digest: Digest = None,
    comment: Comment = None,
    on_behalf_of: For = None,
    as_json: Json = False,
) -> None:
    """Reject what is under review, with a reason."""
    more = frame.sent(reason=reason, comment=comment, on_behalf_of=on_behalf_of)
    _decide(context, work, digest, {"decision": "reject", **more}, as_json=as_json)


def _decide(context: typer.Context, work: str, digest: str | None, decision: View, *, as_json: bool) -> None:
    account = open_account(context.obj)
    seen = digest or _asked(_reviewed(account, work, decision.get("on_behalf_of")), decision["decision"])
    made = account.post(f"/verifications/{quote(work, safe='')}/decisions", {**decision, "subject_digest": seen})
    frame.shown(made, as_json=as_json, pairs=_of_layer)


def _asked(reviewed: View, decision: str) -> str:
    """Show what is under review, ask, and return its digest. Raises Misused when it was not agreed to."""
    if not sys.stdin.isatty():
        raise Misused("Nobody can be asked; say --digest, as milepost worklist show prints it.")
    for name, value in _pairs(reviewed).items():
        terminal.err().print(f"{name}: {terminal.plain(value)}", markup=False, highlight=False)
    if not typer.confirm(f"Do you {decision} this?", err=True):
        raise Misused("Nothing was done.")
    return str(reviewed["layer"]["subject_digest"])


def _reviewed(account: Account, work: str, on_behalf_of: str | None) -> View:
    """Return what waits, with its layer and what is under review. Raises NotFound."""
    entry = next((each for each in _every(account, on_behalf_of) if each["work_id"] == work), None)
    if entry is None or entry["project_milestone_id"] is None:
        raise NotFound(f"Nothing with the id {work!r} waits here.")
    found = account.get(f"{milestone_path(entry['project_milestone_id'])}/verifications")
    layer = next((each for each in found["items"] if each["verification_id"] == work), None)
    if layer is None:
        raise NotFound(f"Nothing with the id {work!r} waits here for a decision.")
    return {"entry": entry, "subject": found["subject"], "layer": layer}


def _every(account: Account, on_behalf_of: str | None) -> Iterable[View]:
    return account.every("/worklist", **frame.sent(on_behalf_of=on_behalf_of))


def _pairs(reviewed: View) -> Mapping[str, object]:
    entry, subject = reviewed["entry"], reviewed["subject"] or {}
    criteria: Sequence[View] = subject.get("completion_criteria") or []
    pieces: Sequence[View] = subject.get("evidence") or []
    return {
        "milestone": entry["title"],
        "amount": amounts.told(subject.get("amount_minor_units"), subject.get("currency")),
        **{f"criterion {each['key']}": each["text"] for each in criteria},
        **{f"evidence {each['evidence_id']}": each["file_name"] or each["url"] for each in pieces},
        **_of_layer(reviewed["layer"]),
        "digest": reviewed["layer"]["subject_digest"],
    }


def _of_layer(layer: View) -> Mapping[str, object]:
    return {
        "layer": layer["name"],
        "status": layer["status"],
        "approving": f"{layer['approving_weight']} of {layer['needed_weight']}",
        "rejecting": layer["rejecting_weight"],
        "milestone is": layer["milestone_status"],
    }
