"""A layer of an attempt at a milestone: its record with seats and decisions, and its keys."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from functions.projects.layers import outsiders, policy, subject
from functions.projects.layers.outsiders import Outsider
from functions.projects.layers.policy import Rule
from shared import ids, tally
from shared.errors import NotFound
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Check, Put, Write, unchanged
from shared.tally import Seat, Tally, Vote

Status = Literal["waiting", "open", "approved", "rejected", "skipped", "withdrawn"]
Choice = Literal["approve", "reject"]

ID: Final = "ver"
PREFIX: Final = "LAYER#"
_UNDECIDED: Final = frozenset[Status]({"waiting", "open"})
_MOST_WITHDRAWN: Final = 20
MOST_CONCERNED: Final = 4
"""How many people an event of a layer concerns: it takes a kilobyte at most."""


class VerificationNotFound(NotFound):
    """404: there is no layer with this id in a project that you are a member of."""

    def __init__(self) -> None:
        super().__init__("There is no verification with this id in a project that you are a member of.")


class Decision(NamedTuple):
    """What was decided for the seat of a user; `actor` is who did it. A withdrawn one is kept and does not count.

    `reason` is why it was rejected, `comment` what the actor says besides.
    `seen` is the `content` of the layer at that moment, `delegation_id` by what it was made in the place of the user.
    """

    user_id: str
    actor: str
    decision: Choice
    at: str
    reason: str | None = None
    score: int | None = None
    checklist: Sequence[str] = ()
    is_withdrawn: bool = False
    seen: str | None = None
    delegation_id: str | None = None
    comment: str | None = None

    @property
    def approves(self) -> bool:
        """Whether it is an approval."""
        return self.decision == "approve"

    @property
    def on_behalf_of(self) -> str | None:
        """In whose place it was made, None for a decision of one's own."""
        return None if self.actor == self.user_id else self.user_id


class Layer(NamedTuple):
    """A layer as it is stored. `rule` is a copy of what the policy said when the attempt began.

    `salt` is part of the digest of the subject, which would give the amount away otherwise; `content` is what the
    digest says without attempt and salt, by which a later attempt knows whether anything was changed. `evidence` has
    the ids of what is there. All three follow new evidence until the layer is decided. `given` are the people whose
    seats a manager has given them, whatever the policy asks for. `links` has the id of the link by which each seat from
    outside decides now, `troubled` what SES has said of the mail of links. `checks` are the results of its automated
    checks by which it was decided. `is_reopened`: it was approved, and evidence that it saw has expired. `untold` are
    the people who are not told yet that it asks them. `remind_at` are the moments at which its people are still to be
    reminded.
    """

    tenant_id: str
    project_id: str
    project_milestone_id: str
    verification_id: str
    attempt: int
    rule: Mapping[str, Any]
    status: Status
    submitted_by: str
    subject_digest: str
    content: str
    salt: str
    created_at: str
    version: int
    seats: Sequence[Mapping[str, Any]] = ()
    decisions: Sequence[Mapping[str, Any]] = ()
    opened_at: str | None = None
    due_at: str | None = None
    closed_at: str | None = None
    carried_from: str | None = None
    given: Sequence[str] = ()
    links: Mapping[str, str] = {}
    troubled: Mapping[str, str] = {}
    checks: Sequence[Mapping[str, Any]] = ()
    is_reopened: bool = False
    evidence: Sequence[str] = ()
    untold: Sequence[str] = ()
    remind_at: Sequence[str] = ()

    @property
    def policy(self) -> Rule:
        """What the policy said of the layer."""
        return policy.rule_of(self.rule)

    @property
    def level(self) -> int:
        """Its level; the lowest is passed first."""
        return int(self.rule["level"])

    @property
    def people(self) -> list[Seat]:
        """Who is asked."""
        return [Seat(each["user_id"], each["weight"], each["is_struck"]) for each in self.seats]

    @property
    def outside(self) -> dict[str, Outsider]:
        """Who from outside it asks, by what their seats are known by."""
        return {outsiders.id_of(self.project_milestone_id, each.address): each for each in self.policy.outside}

    @property
    def decided(self) -> list[Decision]:
        """All decisions, the first first."""
        return [records.from_item(Decision, dict(each)) for each in self.decisions]

    @property
    def counting(self) -> list[Decision]:
        """The decisions that count: those not withdrawn."""
        return [each for each in self.decided if not each.is_withdrawn]

    @property
    def votes(self) -> list[Vote]:
        """The decisions that count, as votes."""
        return [Vote(each.user_id, each.actor, each.decision == "approve") for each in self.counting]

    @property
    def awaited(self) -> list[str]:
        """Who is asked now, has not decided, and has an account; in a sequence, whose turn it is."""
        decided = {name for each in self.counting for name in (each.user_id, each.actor)}
        left = [seat.person for seat in self.people if not seat.is_struck and seat.person not in decided]
        if self.policy.order == "sequential":
            left = [each for each in left if each == tally.turn(self.people, self.votes)]
        return [each for each in left if not outsiders.is_outside(each)]

    @property
    def tally(self) -> Tally:
        """How the layer stands by its seats and votes."""
        return tally.count(self.policy.rules, self.people, self.votes)

    def showing(self, content: str, evidence: Sequence[str]) -> "Layer":
        """Return the layer with what is under review now; what is decided keeps what it was decided on."""
        if self.status not in _UNDECIDED:
            return self
        digest = subject.digest(content, self.attempt, self.salt)
        return self._replace(content=content, subject_digest=digest, evidence=[*evidence])

    def unapproved(self) -> "Layer":
        """Return the layer with its approvals withdrawn; they are kept, and do not count."""
        every = [each._replace(is_withdrawn=each.is_withdrawn or each.decision == "approve") for each in self.decided]
        return self._replace(decisions=kept(every)).telling([each.user_id for each in self.counting if each.approves])

    def telling(self, people: Sequence[str]) -> "Layer":
        """Return the layer with who of these people is told later that it asks them: one event concerns four."""
        inside = [each for each in sorted({*people}) if not outsiders.is_outside(each)]
        return self._replace(untold=sorted({*self.untold, *inside[MOST_CONCERNED:]}))

    def reopened(self) -> "Layer":
        """Return an approved layer as one that waits to open again; its decisions are withdrawn."""
        return self._replace(
            status="waiting",
            is_reopened=True,
            decisions=kept([each._replace(is_withdrawn=True) for each in self.decided]),
            seats=(),
            given=(),
            links={},
            checks=(),
            untold=(),
            remind_at=(),
            opened_at=None,
            due_at=None,
            closed_at=None,
            carried_from=None,
        )

    @property
    def is_stalled(self) -> bool:
        """Whether it is open, asks people, and those left cannot approve it."""
        return self.status == "open" and not self.policy.is_automated and self.tally.is_stalled


def of_attempt(attempt: int) -> str:
    """Return what the sort keys of the layers of an attempt begin with."""
    return f"{PREFIX}{attempt:06}#"


def key(partition: str, layer: Layer) -> Key:
    """Return the key of a layer of the milestone with this partition."""
    return Key(partition, f"{of_attempt(layer.attempt)}{layer.level:02}#{layer.verification_id}")


def pointer_key(tenant_id: str, verification_id: str) -> Key:
    """Return the key of what says where a layer lies. Raises VerificationNotFound for an id that none can have."""
    if not ids.is_valid(verification_id, ID):
        raise VerificationNotFound
    return Key(f"TENANT#{tenant_id}#ID#{verification_id}", "POINTER")


def born(partition: str, attempt: Sequence[Layer]) -> list[Write]:
    """Return the writes of the layers of a new attempt; each is found by its id, and all of them with it."""
    found = [key(partition, each).sk for each in attempt]
    writes: list[Write] = []
    for layer in attempt:
        pk, sk = pointer_key(layer.tenant_id, layer.verification_id)
        pointer = {
            "PK": pk,
            "SK": sk,
            "entity": "LayerPointer",
            "project_id": layer.project_id,
            "project_milestone_id": layer.project_milestone_id,
            "layers": found,
        }
        writes += [Put(to_item(partition, layer), ABSENT), Put(pointer, ABSENT)]
    return writes


def changed(partition: str, before: Layer, after: Layer) -> Put:
    """Return the write that changes a layer, which is still as it was read."""
    return Put(to_item(partition, after._replace(version=before.version + 1)), unchanged(before.version))


def still(partition: str, layer: Layer) -> Check:
    """Return the check that a layer is still as it was read."""
    return Check(key(partition, layer), unchanged(layer.version))


def find(place: Key) -> Layer | None:
    """Return the layer of a key as it is now, None if there is none; one call."""
    item = table.get(place, consistent=True)
    return None if item is None else from_item(item)


def find_attempt(partition: str, attempt: int) -> list[Layer]:
    """Return the layers of an attempt at the milestone with this partition, the lowest level first; one query."""
    found = table.query(partition, of_attempt(attempt), limit=policy.MOST_LAYERS, consistent=True)
    return [from_item(item) for item in found.items]


def to_item(partition: str, layer: Layer) -> Item:
    """Return the item of a layer."""
    return records.to_item(key(partition, layer), "Layer", layer)


def from_item(item: Item) -> Layer:
    """Return the layer of an item."""
    return records.from_item(Layer, item)


def kept(decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """Return decisions as their layer holds them: all that count, and the last 20 withdrawn ones without checklist.

    The history of the milestone has them all.
    """
    old = [each for each in decisions if each.is_withdrawn][:-_MOST_WITHDRAWN]
    found = [each._replace(checklist=()) if each.is_withdrawn else each for each in decisions if each not in old]
    return [stored(each) for each in found]


def stored(decision: Decision) -> dict[str, Any]:
    """Return a decision as its layer holds it."""
    defaults = Decision._field_defaults
    found = decision._asdict()
    return {name: value for name, value in found.items() if name not in defaults or value != defaults[name]}
