"""What SES says of the mail of a link: where it did not arrive, or was taken for spam, whoever made the link learns it.

The layer shows it beside the seat, the history of the milestone has it, and the maker is told by e-mail.
"""

from typing import Final

from functions.projects.layers import layers
from functions.projects.layers.layers import Layer
from functions.projects.milestones import submitting
from functions.projects.review_links import links, mailing
from functions.projects.review_links.links import Mailed, ReviewLink
from functions.projects.verification import reviewing
from shared import clock, ids
from shared.callers import mailboxes
from shared.observability import logger
from shared.sending.feedback import Feedback
from shared.sending.labels import Label
from shared.sending.mime import Mail
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.events import Concern

_TROUBLES: Final = frozenset[Mailed]({"bounced", "complained"})
_SUBJECT: Final = {"bounced": "Not delivered: {title}", "complained": "Taken for spam: {title}"}
_TEXT: Final = {
    "bounced": """\
The review link for {name} ({address}) to "{title}" ({layer}) did not arrive.

Check the address and make another link in Milepost, or give the seat to somebody else. The link itself is still good.
""",
    "complained": """\
{name} ({address}) has marked the mail with the review link to "{title}" ({layer}) as spam.

Ask them whether they expect it. Milepost sends them nothing more unless you make another link.
""",
}


def hear(told: Feedback) -> None:
    """Keep that the mail of a link is lost, or unwanted, and tell whoever made the link.

    What comes twice changes nothing. Raises Unavailable: try again.
    """
    trouble = told.trouble
    if trouble is None or not ids.is_valid(told.label.send_id, links.ID):
        return
    logger.info("feedback on a review link", kind=told.kind, link_id=told.label.send_id)
    link = changes.make(lambda: _kept(told.label.send_id, trouble))
    if link is not None and link.notice == "waiting":
        _notify(link)


def _kept(link_id: str, trouble: Mailed) -> Plan[ReviewLink | None]:
    """Return the change that keeps a trouble: with the layer while the link may decide there, or else for itself."""
    link = links.find(link_id)
    if link is None or link.mailed in _TROUBLES:
        return Plan(link)
    opened = reviewing.by_itself(link.tenant_id, link.verification_id)
    if opened is None or not _may_decide(link, opened.layer):
        after = link._replace(mailed=trouble)
        return Plan(after, [links.changed(link, after)])
    after = link._replace(mailed=trouble, notice="waiting")
    shown = opened.layer._replace(troubled={**opened.layer.troubled, link_id: trouble})
    told = submitting.told(
        f"link_{trouble}",
        shown,
        opened.milestone,
        clock.now(),
        more={"user_id": link.person, "link_id": link_id},
        concerns=[Concern(link.created_by, "owner")],
    )
    return Plan(after, [links.changed(link, after), layers.changed(opened.partition, opened.layer, shown), *told])


def _may_decide(link: ReviewLink, layer: Layer) -> bool:
    return link.status == "open" and layer.status == "open" and layer.links.get(link.person) == link.link_id


def _notify(link: ReviewLink) -> None:
    """Mail the maker of a link what became of its mail, unless they are gone. Raises Unavailable."""
    address = mailboxes.addresses([link.created_by]).get(link.created_by)
    opened = reviewing.by_itself(link.tenant_id, link.verification_id)
    asked = None if opened is None else opened.layer.outside.get(link.person)
    if address is not None and opened is not None and asked is not None:
        words = {"title": opened.milestone.title, "layer": opened.layer.policy.name}
        words |= {"name": asked.name, "address": asked.address}
        letter = Mail(address, _SUBJECT[link.mailed].format(**words), _TEXT[link.mailed].format(**words))
        # By the label of the layer: what becomes of this mail says nothing of the link.
        mailing.deliver(letter, Label(mailing.CONTEXT, link.verification_id), link.link_id)
    changes.make(lambda: _told(link.link_id))


def _told(link_id: str) -> Plan[None]:
    link = links.find(link_id)
    if link is None or link.notice != "waiting":
        return Plan(None)
    return Plan(None, [links.changed(link, link._replace(notice="sent"))])
