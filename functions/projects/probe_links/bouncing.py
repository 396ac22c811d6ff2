"""What SES says of the mail with a question: where it did not arrive, or was taken for spam, its maker learns it.

The probe shows it for as long as it waits for that answer, the history of the milestone has it, and whoever made the
probe is told by e-mail.
"""

from typing import Final

from functions.projects.milestones import milestones
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.probe_links import links, mailing
from functions.projects.probe_links.links import ProbeLink
from functions.projects.probes import asking, probes
from functions.projects.probes.probes import Probe, Probes, Trouble
from functions.projects.review_links import mailing as letters
from shared import clock, ids
from shared.callers import mailboxes
from shared.observability import logger
from shared.sending.feedback import Feedback
from shared.sending.labels import Label
from shared.sending.mime import Mail
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.events import Concern

_SUBJECT: Final = {"bounced": "Not delivered: {title}", "complained": "Taken for spam: {title}"}
_TEXT: Final = {
    "bounced": """\
The question about "{title}" to {address} did not arrive:

{question}

Check the address in Milepost, or have somebody else asked. The probe asks again at its next time.
""",
    "complained": """\
{address} has marked the mail with this question about "{title}" as spam:

{question}

Ask them whether they expect it, or pause the probe in Milepost. It asks again at its next time.
""",
}


def hear(told: Feedback) -> None:
    """Keep that the mail of a question is lost, or unwanted, and tell whoever made the probe.

    What comes twice changes nothing. Raises Unavailable: try again.
    """
    trouble = told.trouble
    if trouble is None or not ids.is_valid(told.label.send_id, links.ID):
        return
    logger.info("feedback on a question", kind=told.kind, link_id=told.label.send_id)
    link = changes.make(lambda: _kept(told.label.send_id, trouble))
    if link is not None and link.notice == "waiting":
        _notify(link)


def _kept(link_id: str, trouble: Trouble) -> Plan[ProbeLink | None]:
    """Return the change that keeps a trouble: with the probe while it waits for that answer, or else for itself."""
    link = links.find(link_id)
    if link is None or link.trouble is not None:
        return Plan(link)
    after = link._replace(trouble=trouble)
    milestone, every, probe = _read(link)
    if milestone is None or probe is None or probe.run_id != link.run_id:
        return Plan(after, [links.changed(link, after)])
    now = clock.now()
    shown = probe._replace(mail_trouble=trouble, updated_at=clock.to_rfc3339(now), version=probe.version + 1)
    after = after._replace(notice="waiting")
    concerns = [Concern(probe.created_by, "owner")]
    told = asking.happened(f"mail_{trouble}", milestone, shown, now, concerns=concerns)
    place = milestones.partition(link.tenant_id, link.project_milestone_id)
    return Plan(after, [links.changed(link, after), probes.with_one(place, every, shown), *told])


def _read(link: ProbeLink) -> tuple[ProjectMilestone | None, Probes, Probe | None]:
    place = milestones.partition(link.tenant_id, link.project_milestone_id)
    keys = [milestones.key(link.tenant_id, link.project_milestone_id), probes.key(place)]
    item, of = table.get_many(keys, consistent=True)
    every = probes.of(of)
    probe = next((each for each in every.probes if each.probe_id == link.probe_id), None)
    return None if item is None else milestones.from_item(item), every, probe


def _notify(link: ProbeLink) -> None:
    """Mail whoever made a probe what became of its mail, unless they are gone. Raises Unavailable."""
    milestone, _, probe = _read(link)
    asked = None if milestone is None or probe is None else mailing.address_of(probe, link.person, milestone)
    maker = None if probe is None else mailboxes.addresses([probe.created_by]).get(probe.created_by)
    if milestone is not None and probe is not None and asked is not None and maker is not None:
        words = {"title": milestone.title, "address": asked, "question": probe.question}
        trouble = link.trouble or "bounced"
        letter = Mail(maker, _SUBJECT[trouble].format(**words), _TEXT[trouble].format(**words))
        # By the label of the probe: what becomes of this mail says nothing of the link.
        letters.deliver(letter, Label(mailing.CONTEXT, link.probe_id), link.link_id)
    changes.make(lambda: _told(link.link_id))


def _told(link_id: str) -> Plan[None]:
    link = links.find(link_id)
    if link is None or link.notice != "waiting":
        return Plan(None)
    return Plan(None, [links.changed(link, link._replace(notice="sent"))])
