"""How a collection gets more fields, or its index anew: the next one is built beside the one that answers."""

from collections.abc import Sequence
from typing import Any, Final

from functions.search.collections import collections, fields, rebuilds, tenant_index
from functions.search.collections.collections import Collection, View
from functions.search.collections.fields import ID, MAX_FIELDS, Field, Flaw
from functions.search.collections.rebuilds import Built
from shared import clock
from shared.callers.auth import Caller
from shared.errors import Conflict, FieldError, InvalidInput
from shared.storage import changes, versions
from shared.storage.attributes import Item
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer
from shared.storage.writes import Put, Write, unchanged

BEGUN: Final = "begun"
"""Whether a change was begun, beside what callers see of the collection."""

_INSTEAD: Final = (
    "make another collection as you want it, bring the documents there by an export and an import, and move an alias"
)
_STAYS: Final = (
    "A field cannot be removed. Make another collection without it, and move an alias there; or leave it: "
    "what is optional may be missing."
)


class SchemaChanging(Conflict):
    """409: the index of the collection is being built anew, for other fields or by an operator; wait for its end."""


def add(caller: Caller, name: str, sent: Sequence[Item], *, if_match: str | None) -> Answer:
    """Add optional fields to a collection; `BEGUN` says whether that was begun now, or is as was asked for already.

    Raises CollectionNotFound, versions.VersionChanged, InvalidInput, SchemaChanging.
    """
    _require_kept(sent)
    wanted = fields.read(sent)
    now = clock.now()

    def plan() -> Plan[Answer]:
        before = collections.find(caller.tenant_id, name, consistent=True)
        versions.require(if_match, before.version)
        there = rebuilds.find(before.collection_id)
        _require_possible(before, wanted)
        added = [each for each in wanted if each not in before.fields]
        if not added or added == [*before.adding]:
            return Plan({**collections.view(before, there), BEGUN: False})
        after = before._replace(adding=added, version=before.version + 1)
        rebuild, begun = _begun(before, added, there, now)
        writes = [Put(collections.to_item(after), unchanged(before.version)), *begun]
        return Plan({**collections.view(after, (there[0], rebuild)), BEGUN: True}, writes)

    return changes.make(plan)


def rebuild(tenant_id: str, name: str) -> View:
    """Have the index of a collection, or of a tenant, built anew unless it is being built; return the collection.

    One that is being built is woken up, in case what it was worked at by is a dead letter. Raises CollectionNotFound.
    """
    now = clock.now()

    def plan() -> Plan[View]:
        is_of_tenant = name == tenant_index.NAME
        collection = tenant_index.of(tenant_id) if is_of_tenant else collections.find(tenant_id, name, consistent=True)
        there = rebuilds.find(collection.collection_id)
        if there[1] is not None and there[1].is_running:
            return Plan(
                collections.view(collection, there), [collections.happened("rebuild_requested", collection, now)]
            )
        made, writes = _begun(collection, (), there, now)
        return Plan(collections.view(collection, (there[0], made)), writes)

    return changes.make(plan)


def renew(collection: Collection) -> bool:
    """Have the index of a collection, or of a tenant, built anew, and return whether it was not being built yet."""
    now = clock.now()

    def plan() -> Plan[bool]:
        there = rebuilds.find(collection.collection_id)
        if there[1] is not None and there[1].is_running:
            return Plan(False)
        return Plan(True, _begun(collection, (), there, now)[1])

    return changes.make(plan)


def _require_kept(sent: Sequence[Item]) -> None:
    """Require that no field is to be removed. Raises InvalidInput."""
    errors: list[FieldError] = [
        {"field": f"fields.{number}", "reason": _STAYS} for number, each in enumerate(sent) if each["drop"]
    ]
    if errors:
        raise InvalidInput("Fields of a collection cannot be removed.", errors=errors)


def _begun(
    collection: Collection, added: Sequence[Field], there: Built, now: clock.Instant
) -> tuple[rebuilds.Rebuild, list[Write]]:
    """Return an index that is to be built, with what has it begun. Raises SchemaChanging."""
    if there[1] is not None and there[1].is_running:
        raise SchemaChanging(
            "The index of the collection is being built anew. Ask again when its schema_change has ended."
        )
    made, written = rebuilds.begun(collections.woken(collection), added, there, now)
    return made, [written, collections.happened("rebuild_requested", collection, now)]


def _require_possible(collection: Collection, wanted: Sequence[Field]) -> None:
    """Return when fields can be added to those that there are, or are there. Raises InvalidInput."""
    found = [*fields.flaws(wanted, None)]
    for number, field in enumerate(wanted):
        reason = _reason(collection, field)
        if reason is not None:
            found.append(Flaw(f"fields.{number}", reason))
    known = {each.name for each in collection.fields}
    if len(known | {each.name for each in wanted}) > MAX_FIELDS:
        found.append(Flaw("fields", f"a collection may have {MAX_FIELDS} fields, and has {len(known)}"))
    if found:
        errors: list[Any] = [flaw._asdict() for flaw in found]
        raise InvalidInput("These fields cannot be added to the collection.", errors=errors)


def _reason(collection: Collection, field: Field) -> str | None:
    """Return why a field cannot be added, None for one that can, or is there as it is."""
    there = fields.named(collection.fields, field.name)
    if there is not None:
        is_same = there[1] == field
        return None if is_same else f"is there in another way, and a field cannot be changed; {_INSTEAD}"
    if field.name == ID:
        return "every document has an id; leave it out"
    return None if field.optional else "documents do not have it yet; set optional"
