"""The restoration of a mill, as a project whose milestones people plan, prove and approve.

It is made through the API by three people, each of whom does what is theirs. A milestone is brought on from wherever
it is, so a load that was interrupted goes on. The draft comes last: once it is there, nothing is touched again.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from infra.demo.account import Account
from infra.demo.projects import MILESTONES, PROJECTS, Crew, find, planned, post

NAME: Final = "Restore the old mill"
FILE: Final = "roof-inspection.pdf"

_UNDER_WAY: Final = 60
"""How far the milestone in progress is, in percent."""

_QUESTION: Final = "Were the gutters looked at while it rained?"
_ANSWER: Final = "Yes, on Tuesday morning: not a drop came through."

Milestone = dict[str, Any]

_PROJECT: Final = {
    "name": NAME,
    "currency": "EUR",
    "time_zone": "Europe/Berlin",
    "client": {"name": "Friends of the Old Mill"},
}
_BOTH: Final = [{"level": 1, "name": "Handover", "mode": "all", "approvers": [{"role": "manager"}, {"role": "client"}]}]
_MANAGER: Final = [{"level": 1, "name": "Inspection", "mode": "any", "approvers": [{"role": "manager"}]}]
_WANTED: Final[tuple[tuple[str, Milestone], ...]] = (
    (
        "approved",
        {
            "title": "Survey of the building",
            "kind": "documentation",
            "due_on": "2026-09-30",
            "acceptance": "manager",
            "completion_criteria": [{"key": "measured", "text": "Every floor is measured", "is_met": True}],
        },
    ),
    (
        "completed",
        {
            "title": "Roof covered",
            "kind": "deliverable",
            "due_on": "2026-12-11",
            "priority": "high",
            "amount_minor_units": 4_800_000,
            "completion_criteria": [
                {"key": "slates", "text": "All slates are laid", "is_met": True},
                {"key": "gutters", "text": "Gutters are tight", "is_met": True},
            ],
            "evidence_requirements": [{"key": "inspection", "title": "Report of the inspection"}],
            "verification_policy": {"layers": _BOTH},
        },
    ),
    (
        "rejected",
        {
            "title": "Windows fitted",
            "kind": "deliverable",
            "due_on": "2026-11-13",
            "amount_minor_units": 1_950_000,
            "verification_policy": {"layers": _MANAGER},
        },
    ),
    (
        "in_progress",
        {
            "title": "Millstone running",
            "kind": "testing",
            "due_on": "2027-03-31",
            "completion_criteria": [
                {"key": "shaft", "text": "The shaft turns", "is_met": True},
                {"key": "grain", "text": "A sack of grain is ground"},
            ],
        },
    ),
    ("draft", {"title": "Opening day", "kind": "signoff", "due_on": "2027-05-01", "acceptance": "client"}),
)


def is_there(manager: Account) -> bool:
    """Return whether the account has the whole project already. Raises NotDone."""
    project_id = find(manager, NAME)
    return project_id is not None and _WANTED[-1][1]["title"] in planned(manager, project_id)


def bring(crew: Crew) -> None:
    """Make what is missing of the project, and bring each milestone as far as it is to be. Raises NotDone."""
    project_id = find(crew.manager, NAME) or str(post(crew.manager, PROJECTS, _PROJECT)["project_id"])
    _join(crew, project_id)
    known = planned(crew.manager, project_id)
    for status, draft in _WANTED:
        milestone_id = known.get(draft["title"])
        if milestone_id is None:
            made = post(crew.manager, f"{PROJECTS}/{project_id}/project-milestones", draft)
            milestone_id = made["project_milestone_id"]
        _bring_on(crew, f"{MILESTONES}/{milestone_id}", status)


def report() -> bytes:
    """Return the PDF of the inspection: one page, the same at each call."""
    text = b"BT /F1 22 Tf 60 760 Td (Inspection of the roof) Tj /F1 13 Tf 0 -40 Td (All slates lie tight.) Tj ET"
    fonts = b"<< /Font << /F1 5 0 R >> >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources %s >>" % fonts,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    written, places = b"%PDF-1.4\n", list[int]()
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n" % (size, rows, size)
    return written + table + b"startxref\n%d\n%%%%EOF\n" % len(written)


def _bring_on(crew: Crew, path: str, wanted: str) -> None:
    """Let happen to a milestone what leads it to a status."""
    shown = crew.manager.get(path)
    while shown["status"] != wanted:
        shown = _STEPS[shown["status"]](crew, path, shown)
    if wanted == "completed":
        _talk(crew, path)
        _decide(crew.client, path, {"decision": "approve"})
    if wanted == "in_progress" and shown["progress"] != _UNDER_WAY:
        crew.builder.put(f"{path}/progress", {"progress": _UNDER_WAY})


def _activated(crew: Crew, path: str, shown: Milestone) -> Milestone:
    if shown["primary_owner_id"] is None:
        owner = post(crew.manager, f"{path}/owners", {"user_id": crew.builder_id, "role": "primary"})
    else:
        owner = crew.manager.get(f"{path}/owners")["items"][0]
    if owner["status"] == "assigned":
        post(crew.builder, f"{path}/owners/accept")
    return post(crew.manager, f"{path}/activate")


def _started(crew: Crew, path: str, _: Milestone) -> Milestone:
    return post(crew.builder, f"{path}/start")


def _completed(crew: Crew, path: str, shown: Milestone) -> Milestone:
    for wanted in shown["evidence_requirements"]:
        _prove(crew.builder, path, wanted["key"])
    return post(crew.builder, f"{path}/complete")


def _inspected(crew: Crew, path: str, _: Milestone) -> Milestone:
    reason = "Two panes on the north side are cracked."
    _decide(crew.manager, path, {"decision": "reject", "reason": reason})
    return dict(crew.manager.get(path))


def _accepted(crew: Crew, path: str, _: Milestone) -> Milestone:
    return post(crew.manager, f"{path}/accept")


_STEPS: Final[Mapping[str, Callable[[Crew, str, Milestone], Milestone]]] = {
    "draft": _activated,
    "active": _started,
    "in_progress": _completed,
    "completed": _inspected,
    "verified": _accepted,
}
"""What brings a milestone on from a status."""


def _prove(builder: Account, path: str, requirement: str) -> None:
    """Bring the report as evidence, unless it is there."""
    found = builder.get(f"{path}/evidence")["items"]
    evidence_id = found[0]["evidence_id"] if found else None
    if evidence_id is None or found[0]["status"] == "pending":
        announced = _announced(builder, path, requirement, evidence_id)
        builder.upload(announced["upload"], report())
        post(builder, f"/api/v1/evidence/{announced['evidence']['evidence_id']}/complete")


def _announced(builder: Account, path: str, requirement: str, evidence_id: str | None) -> Any:
    if evidence_id is not None:
        return post(builder, f"/api/v1/evidence/{evidence_id}/upload-url")
    body = report()
    file = {"file_name": FILE, "media_type": "application/pdf", "size_bytes": len(body), "requirement": requirement}
    return post(builder, f"{path}/evidence", {**file, "sha256": hashlib.sha256(body).hexdigest()})


def _talk(crew: Crew, path: str) -> None:
    """Ask and answer what is not said yet about the first evidence of a milestone."""
    comments = f"/api/v1/evidence/{crew.client.get(f'{path}/evidence')['items'][0]['evidence_id']}/comments"
    said = len(crew.client.get(comments)["items"])
    for account, text in ((crew.client, _QUESTION), (crew.builder, _ANSWER))[said:]:
        post(account, comments, {"text": text})


def _decide(account: Account, path: str, decision: Mapping[str, str]) -> None:
    layer = account.get(f"{path}/verifications")["items"][-1]
    body = {**decision, "subject_digest": layer["subject_digest"]}
    post(account, f"/api/v1/verifications/{layer['verification_id']}/decisions", body)


def _join(crew: Crew, project_id: str) -> None:
    for role, user_id in {"creator": crew.builder_id, "client": crew.client_id}.items():
        crew.manager.put(f"{PROJECTS}/{project_id}/members/{user_id}", {"roles": [role]})
