"""A version of an element: what the element held from then on. Versions are numbered from 1, and none is removed.

Its data are kept as the text of their JSON, so that numbers stay as they were sent.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from functions.sequences import elements
from functions.sequences.elements import Element, View
from functions.sequences.sequences import Place
from functions.sequences.versions import difference
from shared import clock
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import InvalidInput, NotFound, TooLarge, Unavailable
from shared.storage import changes, records, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan, TooManyChangesAtOnce
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, Put

MOST_BYTES: Final = 256 * 1024
"""How many bytes the data of a version may have, as JSON without blanks."""
DEEPEST: Final = 64
PATIENCE_SECONDS: Final = 15.0
"""Twenty at once on a machine with much else to do need more than five seconds; a request has 29."""

_PREFIX: Final = "VERSION#"
_DIGITS: Final = 8
HIGHEST: Final = 10**7
"""The highest number that is imported; versions go on behind it, and stay within eight digits."""


class VersionNotFound(NotFound):
    """404: the element has no version of this number."""

    def __init__(self) -> None:
        super().__init__("The element has no version of this number.")


class DataTooLarge(TooLarge):
    """413: the data of a version may have 256 KB."""

    def __init__(self) -> None:
        super().__init__(f"The data of a version may have {MOST_BYTES} bytes as JSON. Keep larger ones elsewhere.")


class TooManyVersionsAtOnce(Unavailable):
    """503: others kept making versions of this element for 15 seconds; nothing was written, repeat the request."""

    def __init__(self) -> None:
        super().__init__(
            "Others kept making versions of this element. Nothing was written; repeat the request.",
            headers={"Retry-After": "1"},
        )


class Draft(NamedTuple):
    """What a new version holds: `data` as text."""

    comment: str | None = None
    label: str | None = None
    data: str | None = None
    restored_from: int | None = None


class Version(NamedTuple):
    """A version as it is stored."""

    version_number: int
    created_by: str
    created_at: str
    comment: str | None = None
    label: str | None = None
    data: str | None = None
    restored_from: int | None = None


def key(at: Place, element_id: str, number: int) -> Key:
    """Return the key of a version. Raises ElementNotFound for an id that no element can have."""
    return Key(elements.partition(at, element_id), f"{_PREFIX}{number:0{_DIGITS}d}")


def packed(data: Mapping[str, Any] | None) -> str | None:
    """Return data as they are kept. Raises DataTooLarge, InvalidInput for what cannot be sent back as it came."""
    if data is None:
        return None
    if _depth(data) > DEEPEST:
        raise InvalidInput.of("data", f"must not be deeper than {DEEPEST} levels")
    try:
        text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        size = len(text.encode())
    except ValueError as error:
        raise InvalidInput.of("data", "must be JSON in UTF-8, without NaN, Infinity and lone surrogates") from error
    if size > MOST_BYTES:
        raise DataTooLarge
    return text


def new(draft: Draft, *, number: int, by: str, at: Instant) -> Version:
    """Return a new version."""
    return Version(number, by, clock.to_rfc3339(at), **draft._asdict())


def put(element: Element, version: Version) -> Put:
    """Return the write of a version."""
    place = key(element.at, element.element_id, version.version_number)
    return Put(records.to_item(place, "ElementVersion", version), ABSENT)


def add(caller: Caller, at: Place, element_id: str, draft: Draft, *, claim: Claim | None = None) -> Answer:
    """Make the next version of an element and return it; two calls.

    Raises ElementNotFound, TooManyVersionsAtOnce.
    """
    now = clock.now()

    def plan() -> Plan[Answer]:
        before = elements.get(at, element_id)
        after = elements.next_version(before, now)._replace(
            version_number=before.version_number + 1, comment=draft.comment
        )
        version = new(draft, number=after.version_number, by=caller.user_id, at=now)
        event = elements.happened("versioned", after, now)
        return Plan(summary(version), [elements.written(before, after), put(after, version), event])

    try:
        return changes.make(plan, claim=claim, patience_seconds=PATIENCE_SECONDS)
    except TooManyChangesAtOnce as error:
        raise TooManyVersionsAtOnce from error


def restore(
    caller: Caller, at: Place, element_id: str, number: int, *, comment: str | None, claim: Claim | None = None
) -> Answer:
    """Make a new version that holds what an earlier one did, and return it.

    Raises ElementNotFound, VersionNotFound, TooManyVersionsAtOnce.
    """
    earlier = read(at, element_id, number)
    draft = Draft(comment=comment or earlier.comment, data=earlier.data, restored_from=number)
    return add(caller, at, element_id, draft, claim=claim)


def page(at: Place, element_id: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the versions of an element without their data, newest first. Raises ElementNotFound."""
    elements.get(at, element_id)
    partition = elements.partition(at, element_id)
    found = table.query(partition, _PREFIX, limit=limit, cursor=cursor, newest_first=True)
    return [summary(from_item(item)) for item in found.items], found.next_cursor


def read(at: Place, element_id: str, number: int) -> Version:
    """Return a version; one call. Raises ElementNotFound, VersionNotFound."""
    return _both(at, element_id, number)[0]


def compare(at: Place, element_id: str, *, older: int | None, newer: int | None) -> View:
    """Return what makes the data of one version of those of another: of the latest two unless it is said which.

    Raises ElementNotFound, VersionNotFound.
    """
    newer = newer or elements.get(at, element_id).version_number
    older = older or max(newer - 1, 1)
    before, after = _both(at, element_id, older, newer)
    operations = difference.patch(_unpacked(before), _unpacked(after))
    return {"older": older, "newer": newer, "operations": operations}


def from_item(item: Item) -> Version:
    """Return the version of an item."""
    return records.from_item(Version, item)


def summary(version: Version) -> View:
    """Return what callers see of a version in a list."""
    kept = version._asdict()
    data = kept.pop("data")
    return kept | {"data_bytes": 0 if data is None else len(data.encode())}


def view(version: Version) -> View:
    """Return what callers see of a version."""
    return summary(version) | {"data": _unpacked(version)}


def _both(at: Place, element_id: str, *numbers: int) -> list[Version]:
    """Return versions of an element that is there; one call."""
    keys = [key(at, element_id, number) for number in numbers]
    element, *found = table.get_many([elements.key(at, element_id), *keys], consistent=True)
    elements.living(element)
    if None in found:
        raise VersionNotFound
    return [from_item(item) for item in found if item is not None]


def _unpacked(version: Version) -> Any:
    return None if version.data is None else json.loads(version.data)


def _depth(value: Any) -> int:
    """Return how deep a value is, and no more than one level too deep."""
    level, deep = [value], 0
    while level and deep <= DEEPEST:
        deep += 1
        level = [each for outer in level for each in _within(outer)]
    return deep


def _within(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.values()]
    return value if isinstance(value, list) else []
