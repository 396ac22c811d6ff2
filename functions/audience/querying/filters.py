"""What a list of leads is narrowed by, as the conditions of a rule, so that every engine that knows rules answers it.

Each word of `q` must be the beginning of a word of the name, of an e-mail address or its domain, or of a number.
Case is ignored, and every character stands for itself.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from functions.audience import money
from functions.audience.segments.rules import text
from functions.audience.segments.rules.form import (
    Attribute,
    Begins,
    Between,
    Contains,
    Either,
    Every,
    Kind,
    Leaf,
    Node,
    OneOf,
    Scalar,
    Test,
    Value,
)
from shared import clock
from shared.errors import InvalidInput

MOST_WORDS: Final = 10
_NAME: Final = Attribute("name", "text")
_EMAILS: Final = Attribute("emails", "text")
_PHONES: Final = Attribute("phones", "text")
_BEFORE_A_WORD: Final = " -'(.,"
_AMOUNT: Final = re.compile(r"\d{1,15}(\.\d{1,6})?", re.ASCII)
_NUMBER: Final = re.compile(r"\+?[\d ().\-/]{3,}", re.ASCII)
_LEAST_DIGITS: Final = 3


class Filters(NamedTuple):
    """What was asked for: texts as they were sent, None for what was not."""

    q: str | None = None
    tag: str | None = None
    min_spend: str | None = None
    max_spend: str | None = None
    min_visits: int | None = None
    max_visits: int | None = None
    created_from: str | None = None
    created_to: str | None = None

    def node(self, tenant_id: str) -> Node:
        """Return the conditions; all hold for every lead if nothing was asked for. Raises InvalidInput."""
        return Every([*self._ranges(tenant_id), *self._texts()])

    def _ranges(self, tenant_id: str) -> Iterator[Node]:
        low_spend, high_spend = (_amount(tenant_id, name, getattr(self, name)) for name in ("min_spend", "max_spend"))
        first, last = (_instant(name, getattr(self, name)) for name in ("created_from", "created_to"))
        ranges: list[tuple[str, Kind, Scalar | None, Scalar | None]] = [
            ("total_spend", "number", low_spend, high_spend),
            ("visits", "number", self.min_visits, self.max_visits),
            ("created_at", "instant", first, last),
        ]
        for name, kind, low, high in ranges:
            if low is not None or high is not None:
                yield _leaf(Attribute(name, kind), Between(kind, low, high))

    def _texts(self) -> Iterator[Node]:
        if self.tag is not None:
            yield _leaf(Attribute("tags", "text"), OneOf(frozenset([Value("text", _text("tag", self.tag))])))
        if self.q is not None:
            yield _found(self.q)


def _found(q: str) -> Node:
    words = text.fold(_text("q", q)).split()
    if not 0 < len(words) <= MOST_WORDS:
        raise InvalidInput.of("q", f"must have 1 to {MOST_WORDS} words")
    in_words = Every([Either([*_beginning(each)]) for each in words])
    digits = re.sub(r"\D", "", q).lstrip("0")
    if _NUMBER.fullmatch(q.strip()) and len(digits) >= _LEAST_DIGITS:
        return Either([in_words, _leaf(_PHONES, Contains(digits))])
    return in_words


def _beginning(word: str) -> Iterator[Node]:
    yield from (_leaf(each, Begins(word)) for each in (_NAME, _EMAILS, _PHONES))
    yield from (_leaf(_NAME, Contains(f"{mark}{word}")) for mark in _BEFORE_A_WORD)
    yield _leaf(_EMAILS, Contains(f"@{word}"))


def _leaf(subject: Attribute, test: Test) -> Leaf:
    return Leaf("$", {}, subject, test)


def _text(name: str, sent: str) -> str:
    try:
        return text.normal(sent)
    except ValueError as error:
        raise InvalidInput.of(name, str(error)) from error


def _amount(tenant_id: str, name: str, sent: str | None) -> Decimal | None:
    """Return an amount in minor units, which it may be between two of."""
    if sent is None:
        return None
    if not _AMOUNT.fullmatch(sent):
        raise InvalidInput.of(name, "must be an amount in units of your currency, such as 12.50")
    currency = money.find(tenant_id)
    return Decimal(sent).scaleb(0 if currency is None else currency.decimals)


def _instant(name: str, sent: str | None) -> int | None:
    if sent is None:
        return None
    try:
        return clock.from_rfc3339(sent)
    except ValueError as error:
        raise InvalidInput.of(name, "must be a timestamp with an offset, such as 2026-01-31T09:30:00Z") from error
