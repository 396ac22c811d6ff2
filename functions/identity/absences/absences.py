"""How a user says that they are out of office, and takes it back.

A backup is a delegate for that time: the heads of both people are in the transaction, as for every delegation, so
nobody hands on what was delegated to them.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from functions.identity.accounts import memberships
from functions.identity.accounts.memberships import Member
from functions.identity.scopes import SCOPES
from shared import clock, ids
from shared.callers import auth
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import InvalidInput
from shared.storage import changes, events, table, versions
from shared.storage.changes import Plan
from shared.storage.events import Concern
from shared.storage.writes import ABSENT, Check, Put, Write, unchanged
from shared.teamwork import absences, delegations
from shared.teamwork.absences import Absence
from shared.teamwork.delegations import Delegation, Head

View = dict[str, Any]

_DECIDES = "projects:decide"
_HIDDEN = ("tenant_id", "is_over")


class Sent(NamedTuple):
    """When somebody is away, who decides in their place, and what there is to say on it."""

    starts_at: Instant
    ends_at: Instant
    backup_id: str | None
    message: str


class Beside(NamedTuple):
    """What is read beside an absence: both memberships, and the heads of everybody whom it concerns by their ids."""

    own: Member | None
    backup: Member | None
    heads: dict[str, Head]


def show(caller: Caller, *, now: Instant) -> View:
    """Return when the caller is away, with nulls if they are not, and for whom they are the backup; one call."""
    keys = [absences.key(caller.user_id), delegations.head_key(caller.user_id)]
    item, head = table.get_many(keys)
    covering = [
        {name: getattr(each, name) for name in ("principal_id", "starts_at", "ends_at")} | {"message": each.reason}
        for each in delegations.head_of(caller.user_id, head).kept(now).received
        if each.is_absence and each.tenant_id == caller.tenant_id
    ]
    return _view(absences.found(item), now) | {"covering": covering}


def put(caller: Caller, sent: Sent, *, if_match: str | None) -> View:
    """Have the caller be away for a time, in the place of one that they had said before, and return that.

    Raises InvalidInput, DelegationChain, TooManyDelegations, versions.VersionChanged.
    """
    absence_id = ids.new(absences.ID, at=clock.now())

    def plan() -> Plan[View]:
        now = clock.now()
        before = absences.found(table.get(absences.key(caller.user_id), consistent=True))
        versions.require(if_match, 0 if before is None else before.version)
        _require_sound(caller, sent, now)
        new = Absence(
            tenant_id=caller.tenant_id,
            user_id=caller.user_id,
            absence_id=absence_id,
            starts_at=clock.to_rfc3339(sent.starts_at),
            ends_at=clock.to_rfc3339(sent.ends_at),
            backup_id=sent.backup_id,
            message=sent.message,
            updated_at=clock.to_rfc3339(now),
            version=1 if before is None else before.version + 1,
        )
        beside = _read(caller, before, new)
        writes = [*_memberships(beside), *_changed(before, new, beside, now), _told("set", new, now)]
        return Plan(_view(new, now), writes)

    return changes.make(plan)


def end(caller: Caller, *, if_match: str | None) -> None:
    """Have the caller be back; nothing if they are not away. Raises versions.VersionChanged."""

    def plan() -> Plan[None]:
        now = clock.now()
        before = absences.found(table.get(absences.key(caller.user_id), consistent=True))
        versions.require(if_match, 0 if before is None else before.version)
        if before is None or before.is_over:
            return Plan(None)
        after = before._replace(is_over=True, version=before.version + 1, updated_at=clock.to_rfc3339(now))
        beside = _read(caller, before, after)
        return Plan(None, [*_changed(before, after, beside, now), _told("ended", after, now)])

    changes.make(plan)


def _require_sound(caller: Caller, sent: Sent, now: Instant) -> None:
    longest = absences.LONGEST if sent.backup_id is None else delegations.LONGEST
    if not sent.starts_at < sent.ends_at <= sent.starts_at + longest:
        raise InvalidInput.of("ends_at", f"must be after starts_at, by {longest // clock.DAY} days at most")
    if sent.ends_at <= now:
        raise InvalidInput.of("ends_at", "must be to come")
    if sent.backup_id is not None and (sent.backup_id == caller.user_id or not ids.is_valid(sent.backup_id, "user")):
        raise _stranger()


def _read(caller: Caller, before: Absence | None, after: Absence) -> Beside:
    """Return what lies beside an absence; one call. Raises InvalidInput for a backup who may not decide."""
    backups = [each.backup_id for each in (before, after) if each is not None and each.backup_id is not None]
    concerned = [*dict.fromkeys([caller.user_id, *backups])]
    backup_id = None if after.is_over else after.backup_id
    people = [caller.user_id, *([] if backup_id is None else [backup_id])]
    keys = [*map(delegations.head_key, concerned), *[auth.membership_key(caller.tenant_id, each) for each in people]]
    found = table.get_many(keys, consistent=True)
    items, members = found[: len(concerned)], [memberships.found(each) for each in found[len(concerned) :]]
    backup = members[1] if backup_id is not None else None
    if backup_id is not None and (backup is None or backup.disabled or _DECIDES not in SCOPES[backup.role]):
        raise _stranger()
    pairs = zip(concerned, items, strict=True)
    return Beside(members[0], backup, {each: delegations.head_of(each, item) for each, item in pairs})


def _memberships(beside: Beside) -> list[Write]:
    """Return the checks that both people belong to the tenant as they were read."""
    known = [each for each in (beside.own, beside.backup) if each is not None]
    return [Check(auth.membership_key(each.tenant_id, each.user_id), unchanged(each.version)) for each in known]


def _changed(before: Absence | None, after: Absence, beside: Beside, now: Instant) -> list[Write]:
    """Return the writes of an absence and of the heads that list it. Raises DelegationChain, TooManyDelegations."""
    condition = ABSENT if before is None else unchanged(before.version)
    return [absences.written(after, condition), *_heads(before, after, beside, now)]


def _heads(before: Absence | None, after: Absence, beside: Beside, now: Instant) -> Sequence[Put]:
    """Return the writes of the heads that an absence changes."""
    old = None if before is None else absences.delegation(before)
    new = absences.delegation(after)
    ended = {
        user_id: head.kept(now) if old is None else head.kept(now).without(old.delegation_id)
        for user_id, head in beside.heads.items()
    }
    begun = ended if new is None else _with(ended, new)
    concerned = {each for one in (old, new) if one is not None for each in (one.principal_id, one.delegate_id)}
    return [delegations.headed(beside.heads[each], begun[each]) for each in sorted(concerned)]


def _with(heads: dict[str, Head], new: Delegation) -> dict[str, Head]:
    own, theirs = heads[new.principal_id], heads[new.delegate_id]
    delegations.require_no_chain(new, own, theirs)
    given = own._replace(given=[*own.given, new._asdict()])
    taken = theirs._replace(taken=[*theirs.taken, new._asdict()])
    return {**heads, new.principal_id: given, new.delegate_id: taken}


def _told(what: str, absence: Absence, at: Instant) -> Put:
    """Return the write of the event `identity.absence.<what>`, which concerns the backup."""
    backup_id = absence.backup_id
    names = ("user_id", "absence_id", "starts_at", "ends_at", "backup_id")
    return events.occurred(
        f"identity.absence.{what}",
        partition=absences.key(absence.user_id).pk,
        subject_id=absence.user_id,
        tenant_id=absence.tenant_id,
        at=at,
        data={name: getattr(absence, name) for name in names},
        concerns=[] if backup_id is None else [Concern(backup_id, "assigned")],
    )


def _view(absence: Absence | None, now: Instant) -> View:
    if absence is None or absence.is_over:
        shown: View = dict.fromkeys((*Absence._fields[2:7], "updated_at"))
        shown["version"] = 0 if absence is None else absence.version
    else:
        shown = absence._asdict()
    kept = {name: value for name, value in shown.items() if name not in _HIDDEN and name != "user_id"}
    return kept | {"is_away": absence is not None and absence.is_away(now)}


def _stranger() -> InvalidInput:
    return InvalidInput.of("backup_id", "must be another user of your tenant who may decide")
