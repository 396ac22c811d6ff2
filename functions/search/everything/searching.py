"""A search of Milepost: what the index finds for the readers that the caller is, of which every hit is proved.

A hit that is not proved is left out, and others take its place. Behind many of those a page ends early, and the next
one goes on. So a cursor names the last hit that was shown, or one that is gone, and that the caller could read when the
index was written. It goes on for the same caller and the same search only.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, Self

from functions.search.collections import tenant_index
from functions.search.documents import documents
from functions.search.engine.asked import Every, Filter, Hit, Not, Search, Searched, Wanted, Whole
from functions.search.engine.ports import IndexGone, Searcher
from functions.search.everything import metrics, proofs, readers
from functions.search.everything.proofs import Proved
from functions.search.indexing import readers as indexes
from functions.search.queries import highlights, terms
from functions.search.queries.orders import QueryRefused
from functions.search.queries.room import Room
from shared.callers.caller import Caller
from shared.errors import InvalidInput
from shared.storage import cursors

LOOKED_AT: Final = (0, 100, 500)
"""How many hits each round looks at, or as many as are missing: later ones take the place of those not proved.

An index that is behind has many of these one after the other, the tasks of a goal that was deleted for example.
"""
TYPES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("goal", "task"), "goals:read"),
    "milestone": "milestones:read",
    "element": "sequences:read",
    **dict.fromkeys(("lead", "campaign"), "audience:read"),
    **dict.fromkeys(("project", "project_milestone", "evidence", "comment"), "projects:read"),
    **dict.fromkeys(("invoice", "credit_note", "financing_request"), "payments:read"),
}
"""The types of what contexts tell search of, and the scope that each takes."""
_SCOPES: Final = frozenset(TYPES.values())
MOST_HITS: Final = 10_000
TYPOS: Final = 2
_SEARCHED: Final = (
    Searched(tenant_index.TITLE, 1.0),
    Searched(tenant_index.TEXT, 0.5),
    Searched(tenant_index.IDS, 1.0),
)
_PLACE: Final = re.compile(r"(\d{1,12}) (\S+)", re.ASCII)

View = dict[str, Any]


class Question(NamedTuple):
    """What a caller asks for: words, only these types unless there are none, and how many hits."""

    q: str
    types: Sequence[str]
    limit: int


def types_of(text: str | None) -> list[str]:
    """Return the types in a text with commas between them; none for none. Raises InvalidInput."""
    found = [each.strip() for each in (text or "").split(",") if each.strip()]
    if not set(found) <= {*TYPES}:
        raise InvalidInput.of("types", f"expected some of {', '.join(TYPES)}, with commas between them")
    return found


class Place(NamedTuple):
    """Where a hit stands: the better it matches, the earlier; equal ones by their refs."""

    match: int
    ref: str

    @classmethod
    def of(cls, hit: Hit) -> Self:
        """Return where a hit stands."""
        return cls(hit.text_match, hit.id)

    def is_before(self, hit: Hit) -> bool:
        """Return whether a hit comes behind this place."""
        return (-self.match, self.ref) < (-hit.text_match, hit.id)


class Shown(NamedTuple):
    """A hit that was proved: where it stands, what its document says, and what its items say."""

    hit: Hit
    content: proofs.Content
    proved: Proved


def page(caller: Caller, asked: Question, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of what a caller finds; three calls if all hits are proved, one more for who is in a project.

    Raises QueryRefused, Malformed for a cursor of somebody else or of another search, Unavailable.
    """
    wanted = _wanted(asked.q)
    list_id = _list_id(caller, asked)
    place = None if cursor is None else _place(cursors.place_in(cursor, list_id))
    reader = indexes.of(tenant_index.of(caller.tenant_id))
    if reader is None:
        return [], None
    try:
        shown, behind = _Finding(caller, asked, wanted, reader).run(place)
    except IndexGone as error:
        raise indexes.replaced() from error
    room = Room()
    views = [_view(each, wanted.wanted, reader, room) for each in shown]
    return views, None if behind is None else cursors.bind(f"{behind.match} {behind.ref}", list_id)


class _Finding:
    """One search, with what was found to be true of its readers."""

    def __init__(self, caller: Caller, asked: Question, wanted: terms.Asked, reader: Searcher) -> None:
        self._caller = caller
        self._asked = asked
        self._wanted = wanted
        self._reader = reader

    def run(self, place: Place | None) -> tuple[list[Shown], Place | None]:
        """Return hits behind a place, and behind which place there may be more; None if there are none.

        They are fewer than asked for where so many are gone that all rounds look at these.
        """
        shown, behind, refused = self._rounds(place)
        metrics.count(shown=len(shown), refused=refused)
        return shown, behind

    def _rounds(self, place: Place | None) -> tuple[list[Shown], Place | None, int]:
        shown: list[Shown] = []
        refused = 0
        allowed = readers.of(self._caller)
        for least in LOOKED_AT:
            count = max(self._asked.limit + 1 - len(shown), least)
            hits = self._behind(place, allowed, count) if allowed else []
            looked_at = self._proved(hits, frozenset(allowed))
            shown += [each for each in looked_at if each.proved.is_shown]
            refused += len(hits) - len(looked_at) + sum(each.proved.is_gone for each in looked_at)
            not_theirs = {reader for each in looked_at for reader in each.proved.refused}
            allowed = [reader for reader in allowed if reader not in not_theirs]
            if len(shown) > self._asked.limit:
                shown = shown[: self._asked.limit]
                return shown, Place.of(shown[-1].hit), refused
            if len(hits) < count:
                return shown, None, refused
            place = Place.of(hits[-1])
        return shown, place, refused

    def _proved(self, hits: Sequence[Hit], allowed: frozenset[str]) -> list[Shown]:
        """Return what came of hits whose documents are there; two calls.

        The index is asked for no scope that it does not know, so the one of each document is looked at.
        """
        there = documents.get_all(tenant_index.id_of(self._caller.tenant_id), [hit.id for hit in hits])
        found = [(hit, there[hit.id].document) for hit in hits if hit.id in there]
        proved = proofs.prove([content for _, content in found], self._caller.user_id, allowed)
        return [
            Shown(hit, content, each if content["scope"] in self._caller.scopes else Proved())
            for (hit, content), each in zip(found, proved, strict=True)
        ]

    def _behind(self, place: Place | None, allowed: Sequence[str], count: int) -> list[Hit]:
        """Return the first hits behind a place."""
        looked_at = count
        while True:
            hits = self._reader.best(self._search(allowed, looked_at))
            behind = [hit for hit in hits if place is None or place.is_before(hit)]
            if len(behind) >= count or len(hits) < looked_at or looked_at >= MOST_HITS:
                return behind[:count]
            looked_at = min(looked_at * 4, MOST_HITS)

    def _search(self, allowed: Sequence[str], limit: int) -> Search:
        conditions: list[Filter] = [Whole(tenant_index.READERS, allowed)]
        # Most callers hold all scopes. To look for each of these would take longer than all the rest: of what there is,
        # all has one of them.
        if lacking := _SCOPES - self._caller.scopes:
            conditions.append(Not(Whole(tenant_index.SCOPE, sorted(lacking))))
        if self._asked.types:
            conditions.append(Whole(tenant_index.TYPE, self._asked.types))
        return Search(
            wanted=self._wanted.wanted,
            unwanted=self._wanted.unwanted,
            searched=_SEARCHED,
            where=Every(conditions),
            limit=limit,
        )


def _wanted(q: str) -> terms.Asked:
    """Return what the words ask for. Raises QueryRefused."""
    asked = terms.read(q, prefix=True, num_typos=TYPOS)
    if asked is None:
        raise QueryRefused("q: expected a word; * finds everything.")
    if len(asked.wanted) + len(asked.unwanted) > terms.MAX_WORDS:
        raise QueryRefused(f"q: {terms.MAX_WORDS} words and phrases at most.")
    return asked


def _list_id(caller: Caller, asked: Question) -> str:
    """Return what a cursor is bound to, without saying what was searched."""
    told = [caller.tenant_id, caller.user_id, sorted(caller.scopes), asked.q, sorted(asked.types)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _place(text: str) -> Place:
    """Return the place that a cursor names. Raises Malformed."""
    found = _PLACE.fullmatch(text)
    if found is None:
        raise cursors.foreign()
    return Place(int(found[1]), found[2])


def _view(shown: Shown, wanted: Sequence[Wanted], reader: Searcher, room: Room) -> View:
    content, proved = shown.content, shown.proved
    texts = [("title", proved.title), *(("text", each) for each in proved.texts)]
    return {
        "type": content["type"],
        "id": content["id"],
        "title": proved.title,
        "url": content["url"],
        "parent": content["parent"],
        "highlights": list(_highlights(texts, wanted, reader, room)),
    }


def _highlights(
    texts: Sequence[tuple[str, str]], wanted: Sequence[Wanted], reader: Searcher, room: Room
) -> Iterator[View]:
    for field, text in texts:
        marked = highlights.marked(text, wanted, reader.stemmer) if room.has_time_for(text, wanted) else None
        if marked is not None:
            yield {"field": field, "snippet": marked.snippet}
