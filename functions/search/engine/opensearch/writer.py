"""Changes of documents, as many a request as it may hold; each of them is answered for itself.

A version that is not newer than what the index has changes nothing, in whatever order requests arrive.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import orjson

from functions.search.engine.opensearch import client, mapping, names
from functions.search.engine.opensearch.client import BUSY, TRIES, Client, Refused
from functions.search.engine.ports import Blueprint, Change, IndexGone
from shared.errors import Unavailable

# The smallest domains take requests of 10 MB.
MAX_BYTES: Final = 5 * 1024 * 1024
_WRITING: Final = "writing"
_UNFIT: Final = 400
_NOT_FOUND: Final = 404
_CONFLICT: Final = 409
_REPLACED: Final = frozenset({200, _CONFLICT})
"""A document that was there was changed or removed, perhaps by a try before this one."""
_REFUSED_FROM: Final = 400
_GONE: Final = "index_not_found_exception"

Lines = tuple[Change, bytes]


class Sent(NamedTuple):
    """What came of changes that were sent: those that do not fit the index, and whether any document was replaced."""

    unfit: Sequence[Change]
    has_replaced: bool


def create(domain: Client, blueprint: Blueprint) -> str:
    """Make an index, and return its alias. Raises EngineBroken, Unavailable."""
    alias = names.new(blueprint.collection_id)
    try:
        domain.call("PUT", f"/{names.index(alias)}", mapping.index(blueprint, alias), doing="making an index")
    except Refused as refused:
        # The answer to the first try was lost.
        if refused.kind != "resource_already_exists_exception":
            raise
    return alias


def write(domain: Client, alias: str, blueprint: Blueprint, changes: Sequence[Change]) -> tuple[frozenset[str], bool]:
    """Bring changes into an index; return the ids of those it could not take, and whether any document was replaced.

    Raises EngineBroken, Unavailable.
    """
    sent = _sent(domain, alias, [(each, _lines(each, blueprint)) for each in changes])
    # What was there of a document before would still be found.
    gone = _sent(domain, alias, [(each, _lines(each._replace(content=None), blueprint)) for each in sent.unfit])
    return frozenset(each.id for each in sent.unfit), sent.has_replaced or gone.has_replaced


def _sent(domain: Client, alias: str, lines: Sequence[Lines]) -> Sent:
    """Send changes until all are answered for good."""
    unfit: list[Change] = []
    has_replaced = False
    left = list(lines)
    for tries in range(1, TRIES + 1):
        busy: list[Lines] = []
        for together in _parts(left):
            for each, item in zip(together, _items(domain, alias, together), strict=True):
                if _is_busy(item):
                    busy.append(each)
                elif item["status"] == _UNFIT:
                    unfit.append(each[0])
                has_replaced |= item["status"] in _REPLACED
        left = busy
        if not left:
            return Sent(unfit, has_replaced)
        if tries < TRIES:
            client.pause(tries, took_seconds=0)
    raise Unavailable("The search engine is busy. Repeat the request.", headers={"Retry-After": "5"})


def _items(domain: Client, alias: str, together: Sequence[Lines]) -> list[dict[str, Any]]:
    """Send one request, and return what became of each change in it. Raises EngineBroken, Unavailable."""
    body = b"".join(lines for _, lines in together)
    try:
        answer = domain.call("POST", f"/{alias}/_bulk", body, doing=_WRITING, query="refresh=true&require_alias=true")
    except IndexGone as error:
        raise Unavailable("The index is gone. Build it anew.") from error
    items = [next(iter(each.values())) for each in answer["items"]]
    for item in items:
        _require_known(item)
    return items


def _require_known(item: dict[str, Any]) -> None:
    """Require that an item is done, unfit, or can be sent again. Raises EngineBroken, Unavailable."""
    kind = str(item.get("error", {}).get("type", "none"))
    status = item["status"]
    if kind == _GONE:
        raise Unavailable("The index is gone. Build it anew.")
    is_done = status < _REFUSED_FROM or status in {_UNFIT, _CONFLICT} or (status == _NOT_FOUND and kind == "none")
    if not (is_done or _is_busy(item)):
        raise Refused(_WRITING, status, kind)


def _is_busy(item: dict[str, Any]) -> bool:
    return item["status"] in BUSY


def _parts(lines: Sequence[Lines]) -> Iterator[list[Lines]]:
    """Yield as many changes as one request may hold."""
    together: list[Lines] = []
    size = 0
    for each in lines:
        if together and size + len(each[1]) > MAX_BYTES:
            yield together
            together, size = [], 0
        together.append(each)
        size += len(each[1])
    if together:
        yield together


def _lines(change: Change, blueprint: Blueprint) -> bytes:
    place = {"_id": change.id, "version": change.version, "version_type": "external"}
    if change.content is None:
        return orjson.dumps({"delete": place}) + b"\n"
    document = mapping.document(change.id, change.content, blueprint)
    return orjson.dumps({"index": place}) + b"\n" + orjson.dumps(document) + b"\n"
