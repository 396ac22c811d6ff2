"""How a manager makes the link by which somebody from outside decides; the one before is not good any more."""

from functions.projects.layers import layers, outsiders, seating
from functions.projects.layers.layers import Layer
from functions.projects.milestones import submitting
from functions.projects.milestones.guards import SeparationOfDuties
from functions.projects.review_links import links
from functions.projects.review_links.links import ReviewLink
from functions.projects.verification import deciding, reviewing
from functions.projects.verification.reassigning import SeatNotFound
from functions.projects.verification.refusals import AlreadyDecided
from functions.projects.verification.reviewing import Opened
from functions.projects.verification.views import View
from shared import clock
from shared.callers.caller import Caller
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim


def make(caller: Caller, verification_id: str, address: str, days: int, *, claim: Claim | None = None) -> Answer:
    """Make a link for the seat of an address and have it mailed; return it, with its `url` the first time only.

    Raises VerificationNotFound, RoleRequired, SeparationOfDuties, LayerNotOpen, LayerClosed, SeatNotFound,
    AlreadyDecided, Unavailable.
    """
    made: list[ReviewLink] = []

    def plan() -> Plan[View]:
        now = clock.now()
        opened = reviewing.layer(caller, verification_id)
        opened.standing.require("manager")
        _require_separate(opened, caller)
        deciding.require_open(opened.layer)
        person = _seat(opened.layer, address)
        link = links.new(opened.layer, person, caller.user_id, days)
        made[:] = [link]
        after = opened.layer._replace(links={**opened.layer.links, person: link.link_id})
        more = {"user_id": person, "link_id": link.link_id}
        writes = [
            layers.changed(opened.partition, opened.layer, after),
            links.born(link),
            reviewing.still_primary(opened),
            *submitting.told("linked", after, opened.milestone, now, more=more),
        ]
        return Plan(_view(link, opened.layer), writes)

    # The address is not part of the planned answer, for that is what an idempotency record keeps.
    shown = changes.make(plan, claim=claim)
    return shown | {"url": links.url(made[0])} if made and made[0].link_id == shown["link_id"] else shown


def _seat(layer: Layer, address: str) -> str:
    """Return what the seat of an address is known by. Raises SeatNotFound, AlreadyDecided."""
    person = outsiders.id_of(layer.project_milestone_id, address)
    if person not in [seat.person for seat in layer.people if not seat.is_struck]:
        raise SeatNotFound
    if person in [each.user_id for each in layer.counting]:
        raise AlreadyDecided
    return person


def _require_separate(opened: Opened, caller: Caller) -> None:
    """Require that the maker, who sees the link, could decide themselves. Raises SeparationOfDuties."""
    uploaders = frozenset(opened.evidence.uploaders)
    if caller.user_id in seating.barred(opened.layer.policy, uploaders, opened.layer.submitted_by, opened.primary):
        raise SeparationOfDuties


def _view(link: ReviewLink, layer: Layer) -> View:
    asked = layer.outside[link.person]
    return {
        "link_id": link.link_id,
        "verification_id": link.verification_id,
        "attempt": link.attempt,
        "name": asked.name,
        "address": asked.address,
        "created_by": link.created_by,
        "created_at": link.created_at,
        "expires_at": link.expires_at,
        "url": None,
    }
