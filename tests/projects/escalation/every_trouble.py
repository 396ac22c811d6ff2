"""Everything that can be asked of escalations and their policies, asked once; and what time does to milestones."""

import boto3
import pytest

from functions.projects.probe_links import links
from shared.storage import events
from shared.storage.events import Event
from tests.platform.held import stored
from tests.projects.escalation_policies.making import MANAGERS, OWNER, draft, makes
from tests.projects.following.telling import follow
from tests.projects.team import Person
from tests.projects.timers.clockwork import follow_time, pass_shards, unpaid

_SAYS = {"resolve": "resolution", "reject": "reason"}


def escalate(ada: Person, ben: Person, project: str) -> None:
    """Raise escalations of a milestone, see to them in every way, and cancel it with one that is open."""
    set_levels(ada, ben, project)
    milestone = ben.begins(project, ada)
    for kind, event in (("delay", "resolve"), ("budget", "reject"), ("quality", "escalate")):
        draft = {"kind": kind, "severity": "high", "reason_code": "supplier", "blocks_work": True}
        named = {"project_milestone_id": milestone.rpartition("/")[2], "details": "The mill jams."}
        made = ben.post("/escalations", draft | named, key=f"raising {kind}").body
        path = f"/escalations/{made['escalation_id']}"
        follow(*happened(milestone, "projects.escalation.raised"))
        ben.post(f"{path}/acknowledge")
        ben.post(f"{path}/{event}", {_SAYS[event]: "Not needed."} if event in _SAYS else None)
        ben.post(f"{path}/close")
        ben.get(path)
    ben.post(f"{path}/actions", {"title": "Drawings are signed", "user_id": ada.user_id})
    added = ben.post(f"{path}/actions", {"title": "Drawings are signed"}).body["actions"]
    ada.post(f"{path}/actions/{added[0]['action_id']}/complete")
    for query in ("", f"project_id={project.rpartition('/')[2]}"):
        ada.get("/reports/delay-reasons", query)
    for query in ("", "status=resolved&due_before=2030-01-01", f"project_milestone_id={milestone.rpartition('/')[2]}"):
        ben.get("/escalations", query)
    ben.post(f"{milestone}/cancel", {"reason": "Not needed."})
    follow(*happened(milestone, "projects.escalation."))


def set_levels(ada: Person, ben: Person, project: str) -> None:
    """Make policies for all projects and for one, look at them, change one, and delete it."""
    path = makes(ben, {**OWNER, "channels": ["worklist", "email"]}, MANAGERS, project=project, repeats=1)
    made = ada.post("/escalation-policies", draft(MANAGERS, kinds=["budget"]), key="levelling").body
    ada.get(f"/escalation-policies/{made['escalation_policy_id']}")
    ada.get("/escalation-policies")
    ben.get("/escalation-policies", f"project_id={project.rpartition('/')[2]}")
    ben.get(path)
    ben.patch(path, {"name": "Drawings are late"})
    ben.delete(makes(ben, project=project))


def ask(ada: Person, ben: Person, project: str) -> None:
    """Make a probe of a milestone of Ada's, use it in every way, and let it be silent; delete the milestone with it."""
    milestone = ben.begins(project, ada)
    draft = {"project_milestone_id": milestone.rpartition("/")[2], "question": "Drawings are signed"}
    made = ben.post("/probes", {**draft, "schedule": {"every": 1, "unit": "days"}}, key="probing").body
    path = f"/probes/{made['probe_id']}"
    ben.patch(path, {"schedule": {"cron": "0 9 * * *"}})
    ben.post(f"{path}/run")
    follow(*happened(milestone, "projects.probe."))
    ada.get("/worklist")
    ada.post(f"{path}/answer", {"answer": "at_risk", "progress": 40, "comment": "The mill jams."})
    follow(*happened(milestone, "projects.probe."))
    for what in ("pause", "resume", "run"):
        ben.post(f"{path}/{what}")
    for shown in (path, f"{path}/runs"):
        ada.get(shown)
    ada.get("/probes", f"project_milestone_id={milestone.rpartition('/')[2]}")
    follow_time(*happened(milestone, "projects.probe."))
    ben.delete(path)
    ask_outside(ben, milestone)
    ben.post("/probes", {**draft, "schedule": {"every": 1, "unit": "hours"}})
    ben.post(f"{milestone}/cancel", {"reason": "Not needed."})
    follow_time(*happened(milestone, "projects.milestone.cancelled"))
    ben.delete(milestone)
    follow(*happened(milestone, "projects.milestone.deleted"))


def ask_outside(ben: Person, milestone: str) -> None:
    """Have a probe mail its question to somebody from outside, who looks at it and answers by the link."""
    mary = {"name": "Mary Somerville", "address": "mary@example.com"}
    draft = {"project_milestone_id": milestone.rpartition("/")[2], "question": "Drawings are signed", "outside": mary}
    made = ben.post("/probes", {**draft, "schedule": {"every": 1, "unit": "weeks"}}).body
    run_id = ben.post(f"/probes/{made['probe_id']}/run").body["run_id"]
    with pytest.MonkeyPatch.context() as patch:
        boto3.client("ses").verify_domain_identity(Domain="milepost.example")
        patch.setenv("MAIL_SENDER", "no-reply@milepost.example")
        follow(*happened(milestone, "projects.probe."))
    link = links.find(links.id_of(run_id))
    assert link is not None
    token = links.url(link).partition("#")[2]
    ben.post("/probe-replies/view", {"token": token})
    ben.post("/probe-replies/answer", {"token": token, "answer": "on_track", "comment": "The mill turns."})


def pass_time(ada: Person, ben: Person, project: str) -> None:
    """Have a milestone whose last day is over and one that waits for a cancelled one, looked at, and by the sweep."""
    ask(ada, ben, project)
    late = ben.begins(project, ada, due_on="2020-01-31")
    follow_time(*happened(late, "projects.milestone."))
    gone, then = ben.plans(project), ben.begins(project, ada, due_on="2040-01-31")
    dependency = {"from_id": gone.rpartition("/")[2], "type": "finish_to_finish"}
    ben.post(f"{then}/dependencies", dependency)
    ben.post(f"{gone}/cancel", {"reason": "Not needed."})
    follow_time(*happened(gone, "projects.milestone."))
    follow_time(*happened(then, "projects.milestone."))
    follow_time(unpaid(ben, project, then))
    pass_shards()
    for each in (late, then):
        ben.post(f"{each}/cancel", {"reason": "Not needed."})


def happened(milestone: str, *types: str) -> list[Event]:
    """Return events of a milestone, by how their types begin, as stored, which nothing but a test reads so."""
    found = [
        item for item in stored().values() if item.get("entity") == "Event" and item["event_type"].startswith(types)
    ]
    mine = [item for item in found if milestone.removeprefix("/project-milestones/") in item["PK"]]
    return [events.stored(item) for item in mine]
