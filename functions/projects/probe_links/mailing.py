"""The mails that ask what a probe asks, and remind of it, each with the link that answers.

A link is stored before its mail goes out. A mail that may have been taken goes out again: twice beats never.
Nothing is mailed of a run that waits no more, or to people who have left the project.
"""

from typing import Final, Literal, NamedTuple

from functions.projects import projects
from functions.projects.layers import outsiders
from functions.projects.milestones import milestones
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.probe_links import links
from functions.projects.probe_links.links import Mailed, ProbeLink
from functions.projects.probes import probes
from functions.projects.probes.probes import Probe
from shared import config
from shared.callers import mailboxes, project_members
from shared.errors import Unavailable
from shared.observability import logger
from shared.sending import mail
from shared.sending.attempts import PATIENT
from shared.sending.labels import Label
from shared.sending.mime import Mail
from shared.storage import changes, table
from shared.storage.changes import Plan

Kind = Literal["asked", "reminded"]

CONTEXT: Final = "projects"
"""What the label of these e-mails begins with."""
_SUBJECTS: Final[dict[Kind, str]] = {
    "asked": "A question about: {title}",
    "reminded": "Still waiting for your answer: {title}",
}
_TEXT: Final = """\
Hello{name},

{project} asks you about "{title}":

{question}

Open this page to answer. You need no account and do not sign in:

{url}

The link is for you alone. It answers once, and is good until {until} (UTC). Do not pass it on.
"""


class _Waiting(NamedTuple):
    """A probe that waits for an answer, its milestone, and to which address that is to be mailed."""

    probe: Probe
    milestone: ProjectMilestone
    address: str


def send(tenant_id: str, milestone_id: str, probe_id: str, kind: Kind) -> None:
    """Mail what a probe waits for, unless that is done. Raises Unavailable: try again."""
    sender = config.mail_sender()
    waiting = None if sender is None else _waiting(tenant_id, milestone_id, probe_id)
    if sender is None or waiting is None or (kind == "reminded" and waiting.probe.remind_at is not None):
        return
    link = _linked(waiting)
    if link is None or link.status != "open" or link.is_expired or _mailed(link, kind) != "waiting":
        return
    _settle(link.link_id, kind, _sent(link, waiting, kind, sender))


def _waiting(tenant_id: str, milestone_id: str, probe_id: str) -> _Waiting | None:
    """Return what a probe waits for and where that is mailed; None if it is not."""
    place = milestones.partition(tenant_id, milestone_id)
    item, of = table.get_many([probes.key(place), milestones.key(tenant_id, milestone_id)], consistent=True)
    probe = next((each for each in probes.of(item).probes if each.probe_id == probe_id), None)
    if probe is None or of is None or probe.asked_id is None or not probe.is_mailed:
        return None
    milestone = milestones.from_item(of)
    address = address_of(probe, probe.asked_id, milestone)
    return None if address is None else _Waiting(probe, milestone, address)


def address_of(probe: Probe, person: str, milestone: ProjectMilestone) -> str | None:
    """Return where whoever was asked is mailed to, None if they are not asked any more."""
    if outsiders.is_outside(person):
        found = probe.outsider
        is_theirs = found is not None and outsiders.id_of(milestone.project_milestone_id, found.address) == person
        return found.address if found is not None and is_theirs else None
    place = project_members.key(milestone.tenant_id, milestone.project_id, person)
    if table.get(place, consistent=True) is None:
        return None
    return mailboxes.addresses([person]).get(person)


def _linked(waiting: _Waiting) -> ProbeLink | None:
    """Return the link of the run that a probe waits for, which the first mail of the run makes."""

    def plan() -> Plan[ProbeLink | None]:
        run_id, person = waiting.probe.run_id, waiting.probe.asked_id
        if run_id is None or person is None:
            return Plan(None)
        found = links.find(links.id_of(run_id))
        if found is not None:
            return Plan(found)
        made = links.new(waiting.milestone, waiting.probe, run_id, person)
        return Plan(made, [links.born(made)])

    return changes.make(plan)


def _sent(link: ProbeLink, waiting: _Waiting, kind: Kind, sender: str) -> Mailed:
    """Send the mail once. Raises Unavailable where another try may help."""
    title = waiting.milestone.title
    letter = Mail(waiting.address, _SUBJECTS[kind].format(title=title), _text(link, waiting))
    answer = mail.send(letter, sender=sender, label=Label(CONTEXT, link.link_id), limits=PATIENT)
    if answer.outcome in {"retry", "account", "ambiguous"}:
        raise Unavailable("The mail with a question was not taken; it is tried again.")
    if answer.outcome == "refused":
        logger.warning("a question could not be mailed", link_id=link.link_id, reason=answer.reason)
    return "sent" if answer.outcome == "accepted" else "refused"


def _text(link: ProbeLink, waiting: _Waiting) -> str:
    project = table.get(projects.key(link.tenant_id, link.project_id))
    outsider = waiting.probe.outsider
    return _TEXT.format(
        name="" if outsider is None else f" {outsider.name}",
        project="A project" if project is None else projects.from_item(project).name,
        title=waiting.milestone.title,
        question=waiting.probe.question,
        url=links.url(link),
        until=link.expires_at[:16].replace("T", " "),
    )


def _mailed(link: ProbeLink, kind: Kind) -> Mailed:
    return link.asked if kind == "asked" else link.reminded


def _settle(link_id: str, kind: Kind, mailed: Mailed) -> None:
    def plan() -> Plan[None]:
        link = links.find(link_id)
        if link is None or _mailed(link, kind) != "waiting":
            return Plan(None)
        after = link._replace(asked=mailed) if kind == "asked" else link._replace(reminded=mailed)
        return Plan(None, [links.changed(link, after)])

    changes.make(plan)
