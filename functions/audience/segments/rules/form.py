"""What a rule means, as a tree of typed values: every engine evaluates this, and none of them the rule itself.

A leaf looks at a subject of the lead and tests what it finds there. What is not set satisfies no test, so a comparison
that it does satisfy (`!=`, `NOT_IN`, `NOT_CONTAINS`, `IS_NOT_SET`) is a negated leaf. All times are instants: `now` and
the time zones have been applied. Money is in minor units, texts are NFC, and a text that ignores case is folded.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from shared.instants import Instant

Kind = Literal["text", "number", "truth", "instant"]
Scalar = str | int | Decimal | bool
Measure = Literal["count", "sum", "last_at"]


class Value(NamedTuple):
    """A value and its kind: the number 1 and the truth value true are not equal."""

    kind: Kind
    value: Scalar


class Attribute(NamedTuple):
    """An attribute of a lead or of an order: one value, or a list of them; its kind is known."""

    name: str
    kind: Kind


class Metadata(NamedTuple):
    """What the metadata have below these keys, of any kind."""

    keys: tuple[str, ...]


class Consent(NamedTuple):
    """The consent to a channel, or to a topic of it, as text."""

    subject: str


class Campaign(NamedTuple):
    """When a message of a campaign was sent, delivered, opened or clicked; None: of every campaign."""

    campaign_id: str | None
    happening: str


class Orders(NamedTuple):
    """A measure of the orders that satisfy `where` and were placed in the window, of which one may be None.

    Without both it is an attribute of the lead: `orders_count`, `orders_sum`, `orders_last_at`.
    """

    measure: Measure
    where: "Node | None"
    window: "Window | None"


class Window(NamedTuple):
    """Instants from `start` on and before `end`."""

    start: Instant
    end: Instant


class IsSet(NamedTuple):
    """There is a value, and no empty list."""


class OneOf(NamedTuple):
    """A value is one of these."""

    values: frozenset[Value]


class Between(NamedTuple):
    """A value of this kind lies between the ends; None: without an end on this side."""

    kind: Kind
    low: Scalar | None
    high: Scalar | None
    with_low: bool = True
    with_high: bool = True


class Contains(NamedTuple):
    """A text has this folded text in it."""

    folded: str


class Begins(NamedTuple):
    """A text begins with this folded text."""

    folded: str


class During(NamedTuple):
    """An instant lies in the window; or a day without a time is one of those from `first` to `last`, as YYYYMMDD."""

    window: Window
    first: int
    last: int


class Anniversary(NamedTuple):
    """An instant, in the zone, or a day falls on one of these days of a year, as MMDD."""

    days: frozenset[int]
    time_zone: str


Subject = Attribute | Metadata | Consent | Campaign | Orders
Test = IsSet | OneOf | Between | Contains | Begins | During | Anniversary


class Leaf(NamedTuple):
    """A condition of the rule: where it stands, how it was written, and what it tests."""

    path: str
    condition: Mapping[str, Any]
    subject: Subject
    test: Test
    is_negated: bool = False


class Every(NamedTuple):
    """All parts hold; it holds without parts."""

    parts: Sequence["Node"]


class Either(NamedTuple):
    """One of the parts holds; there is at least one."""

    parts: Sequence["Node"]


class Not(NamedTuple):
    """The part does not hold."""

    part: "Node"


Node = Leaf | Every | Either | Not


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves of a rule, in their order."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Not):
        yield from leaves(node.part)
    else:
        for part in node.parts:
            yield from leaves(part)


class Warned(NamedTuple):
    """What the author of a rule should know although it is valid."""

    code: str
    path: str
    detail: str


class Form(NamedTuple):
    """A rule as engines evaluate it, at one instant."""

    node: Node
    warnings: Sequence[Warned]
