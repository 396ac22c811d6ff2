"""How a manager gives the seat of a layer to somebody else."""

from functions.projects.layers import policy, seating
from functions.projects.layers.layers import Layer
from functions.projects.layers.seating import People
from functions.projects.milestones import submitting
from functions.projects.milestones.guards import SeparationOfDuties
from functions.projects.verification import deciding, outcomes, reviewing, views
from functions.projects.verification.refusals import AlreadyDecided
from functions.projects.verification.reviewing import Opened
from functions.projects.verification.views import View
from shared import clock
from shared.callers import auth, project_members
from shared.callers.caller import Caller
from shared.errors import Conflict, InvalidInput
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.events import Concern
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ENABLED, PRESENT, Check
from shared.tally import Seat


class SeatNotFound(Conflict):
    """409: nobody of this id has a seat in the layer that could be given away."""

    def __init__(self) -> None:
        super().__init__("Nobody of this id has a seat in the layer. Its `seats` say whom it asks.")


class SeatsTaken(Conflict):
    """409: a layer gets another seat only when the people left cannot approve it."""

    def __init__(self) -> None:
        super().__init__("The layer has enough people. Say with `instead_of` whose seat it is to be.")


def reassign(
    caller: Caller, verification_id: str, user_id: str, instead_of: str | None, *, claim: Claim | None = None
) -> Answer:
    """Give the seat of somebody who has not decided to another member, and return the layer; for managers.

    Without `instead_of`, a stalled layer gets a seat more.
    Raises VerificationNotFound, RoleRequired, LayerNotOpen, LayerClosed, SeparationOfDuties, InvalidInput,
    SeatNotFound, SeatsTaken, AlreadyDecided.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        opened = reviewing.layer(caller, verification_id)
        opened.standing.require("manager")
        deciding.require_open(opened.layer)
        people = seating.read(caller.tenant_id, opened.milestone.project_id, opened.partition)
        after = _reseated(opened, people, user_id, instead_of)
        milestone, writes = outcomes.followed(opened, after, now, None)
        writes += [
            Check(project_members.key(caller.tenant_id, milestone.project_id, user_id), PRESENT),
            Check(auth.membership_key(caller.tenant_id, user_id), ENABLED),
            reviewing.still_primary(opened),
            *submitting.told(
                "reassigned",
                after,
                milestone,
                now,
                more={"user_id": user_id},
                concerns=[Concern(user_id, "approver")],
            ),
        ]
        return Plan(views.layer(after._replace(version=after.version + 1), milestone), writes)

    return changes.make(plan, claim=claim)


def _reseated(opened: Opened, people: People, user_id: str, instead_of: str | None) -> Layer:
    layer, rule = opened.layer, opened.layer.policy
    kept_out = seating.barred(rule, people.uploaders, layer.submitted_by, opened.primary)
    if user_id in kept_out:
        raise SeparationOfDuties
    if not seating.is_eligible(user_id, people, kept_out):
        raise InvalidInput.of("user_id", "must be a member of the project who may decide")
    found = layer.people
    if user_id in [seat.person for seat in found if user_id != instead_of or not seat.is_struck]:
        raise InvalidInput.of("user_id", "must not have a seat in the layer already")
    if instead_of is None:
        if not layer.is_stalled or len(found) >= policy.MOST_PEOPLE:
            raise SeatsTaken
        return layer._replace(seats=seating.stored([*found, Seat(user_id, 1)]), given=[*layer.given, user_id])
    if instead_of not in [seat.person for seat in found]:
        raise SeatNotFound
    if instead_of in [each.user_id for each in layer.counting]:
        raise AlreadyDecided
    new = [Seat(user_id, seat.weight) if seat.person == instead_of else seat for seat in found]
    return layer._replace(seats=seating.stored(new), given=[*layer.given, user_id])
