"""The e-mails by which levels of escalations tell their people, where the policy says so.

One goes out for each notice and person, after the notice is stored, until SES has taken or refused it.
That is marked beside the history of the milestone. Nothing is mailed once somebody has acknowledged the escalation.
"""

from typing import Final, NamedTuple

from functions.projects import escalations, projects
from functions.projects.escalation_policies import rule as rules
from functions.projects.escalations import Escalation
from functions.projects.milestones import milestones
from functions.projects.milestones.milestones import ProjectMilestone
from shared import clock, config
from shared.callers import mailboxes, project_members
from shared.errors import Unavailable
from shared.observability import logger
from shared.sending import mail
from shared.sending.attempts import PATIENT
from shared.sending.labels import Label
from shared.sending.mime import Mail
from shared.storage import records, table
from shared.storage.attributes import Key
from shared.storage.events import Event
from shared.storage.writes import Put

CONTEXT: Final = "projects"
NOTICES: Final = frozenset(f"projects.escalation.{what}" for what in ("raised", "escalated", "reminded"))
"""The events with which a level tells its people."""
_KEPT: Final = 7 * clock.DAY
_SUBJECT: Final = "Escalated: {title}"
_TEXT: Final = """\
"{title}" of {project} is in trouble ({kind}, {severity}), and this escalation waits for you at its level {level}.

Please see to it by {until} (UTC): open the project in Milepost and acknowledge the escalation {escalation_id}.
"""


class _Mark(NamedTuple):
    """That a notice was mailed."""


def send(event: Event) -> None:
    """Mail the notice of an event to those whom it tells, unless that is done. Raises Unavailable: try again."""
    tenant_id, milestone_id = event.tenant_id, str(event.data["project_milestone_id"])
    mark = Key(milestones.history(tenant_id, milestone_id), f"MAILED#{event.event_id}")
    place = escalations.key(milestones.partition(tenant_id, milestone_id), str(event.data["escalation_id"]))
    marked, item, milestone = table.get_many([mark, place, milestones.key(tenant_id, milestone_id)], consistent=True)
    if marked is not None or item is None or milestone is None:
        return
    found = escalations.from_item(item)
    people = _people(found, int(event.data["level"]))
    if not people:
        return
    written = _letter(found, milestones.from_item(milestone))
    for address in mailboxes.addresses(people).values():
        _send(Mail(address, *written), found)
    ttl = {"ttl": (clock.now() + _KEPT) // clock.SECOND}
    table.transact([Put(records.to_item(mark, "MailedNotice", _Mark()) | ttl)])


def _people(found: Escalation, level: int) -> list[str]:
    """Return whom a notice of this level is mailed to: none any more once the escalation has moved on."""
    if found.status != "pending" or found.level != level or "email" not in rules.of(found.policy).at(level).channels:
        return []
    keys = [project_members.key(found.tenant_id, found.project_id, each) for each in found.notified]
    items = table.get_many(keys, consistent=True) if keys else []
    return [each for each, item in zip(found.notified, items, strict=True) if item is not None]


def _letter(found: Escalation, milestone: ProjectMilestone) -> tuple[str, str]:
    """Return subject and text of a notice."""
    project = table.get(projects.key(found.tenant_id, found.project_id))
    text = _TEXT.format(
        title=milestone.title,
        project="a project" if project is None else projects.from_item(project).name,
        kind=found.kind,
        severity=found.severity,
        level=found.level,
        until=(found.respond_by or found.due_at)[:16].replace("T", " "),
        escalation_id=found.escalation_id,
    )
    return _SUBJECT.format(title=milestone.title), text


def _send(letter: Mail, found: Escalation) -> None:
    """Send a letter once; a refused one is left. Raises Unavailable where another try may help."""
    sender = config.mail_sender()
    if sender is None:
        return
    label = Label(CONTEXT, found.escalation_id)
    answer = mail.send(letter, sender=sender, label=label, limits=PATIENT)
    if answer.outcome in {"retry", "account", "ambiguous"}:
        raise Unavailable("The mail with a notice was not taken; it is tried again.")
    if answer.outcome == "refused":
        logger.warning("a notice could not be mailed", escalation_id=found.escalation_id, reason=answer.reason)
