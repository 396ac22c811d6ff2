"""The mail that brings a link to somebody from outside. It goes out after the link is stored, until SES has taken it.

One that is sent twice is no harm: both have the same link, which decides once.
"""

from functions.projects import projects
from functions.projects.layers import layers
from functions.projects.layers.outsiders import Outsider
from functions.projects.milestones import milestones
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.review_links import links
from functions.projects.review_links.links import Mailed, ReviewLink
from shared import config
from shared.errors import Unavailable
from shared.observability import logger
from shared.sending import mail
from shared.sending.attempts import PATIENT
from shared.sending.labels import Label
from shared.sending.mime import Mail
from shared.storage import changes, table
from shared.storage.changes import Plan

CONTEXT = "projects"
"""What the label of these e-mails begins with."""

_SUBJECT = "Please review: {title}"
_TEXT = """\
Hello {name},

{project} asks you to review "{title}" ({layer}).

Open this page to see what is under review, and to approve or reject it:

{url}

The link is for you alone. It decides once, and is good until {until} (UTC). Do not pass it on.
"""


def send(link_id: str) -> None:
    """Mail a link that is not mailed yet and may still decide. Raises Unavailable: try again."""
    link = links.find(link_id)
    if link is None or link.mailed != "waiting" or link.status != "open" or link.is_expired:
        return
    addressed = _addressed(link)
    if addressed is not None:
        _settle(link_id, _sent(link, *addressed))


def _addressed(link: ReviewLink) -> tuple[Outsider, str, ProjectMilestone] | None:
    """Return whom a link is for, the name of its layer and its milestone; None if it is not needed any more."""
    place = milestones.partition(link.tenant_id, link.project_milestone_id)
    milestone = milestones.find(link.tenant_id, link.project_milestone_id)
    found = layers.find_attempt(place, link.attempt)
    layer = next((each for each in found if each.links.get(link.person) == link.link_id), None)
    if milestone is None or layer is None or layer.status != "open" or link.person not in layer.outside:
        return None
    return layer.outside[link.person], layer.policy.name, milestone


def _sent(link: ReviewLink, asked: Outsider, layer: str, milestone: ProjectMilestone) -> Mailed:
    """Send the mail once. Raises Unavailable where another try may help."""
    project = table.get(projects.key(link.tenant_id, link.project_id))
    text = _TEXT.format(
        name=asked.name,
        project="A project" if project is None else projects.from_item(project).name,
        title=milestone.title,
        layer=layer,
        url=links.url(link),
        until=link.expires_at[:16].replace("T", " "),
    )
    letter = Mail(asked.address, _SUBJECT.format(title=milestone.title), text)
    return deliver(letter, Label(CONTEXT, link.link_id), link.link_id)


def deliver(letter: Mail, label: Label, link_id: str) -> Mailed:
    """Send a letter about a link once, and return what became of it. Raises Unavailable where another try may help."""
    sender = config.mail_sender()
    if sender is None:
        return "refused"
    answer = mail.send(letter, sender=sender, label=label, limits=PATIENT)
    if answer.outcome in {"retry", "account", "ambiguous"}:
        raise Unavailable("The mail about a review link was not taken; it is tried again.")
    if answer.outcome == "refused":
        logger.warning("a letter about a review link was refused", link_id=link_id, reason=answer.reason)
    return "sent" if answer.outcome == "accepted" else "refused"


def _settle(link_id: str, mailed: Mailed) -> None:
    def plan() -> Plan[None]:
        link = links.find(link_id)
        if link is None or link.mailed != "waiting":
            return Plan(None)
        return Plan(None, [links.changed(link, link._replace(mailed=mailed))])

    changes.make(plan)
