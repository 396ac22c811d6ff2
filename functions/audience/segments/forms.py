"""The form of a rule of a tenant: with its currency, and with the segments that it names."""

from collections.abc import Mapping

from functions.audience import money
from functions.audience.segments import graph, segments
from functions.audience.segments.graph import Graph
from functions.audience.segments.rules import rule as rules
from functions.audience.segments.rules.form import Form
from functions.audience.segments.rules.rule import Rule
from shared.clock import Instant


def of(
    tenant_id: str,
    rule: Rule,
    *,
    now: Instant,
    segment_id: str | None = None,
    known: Graph | None = None,
    instead: Mapping[str, Rule] | None = None,
) -> Form:
    """Return the form of a rule; `known` is the graph if it has been read, `instead` are rules about to be stored.

    Reads the graph and the segments that the rule names, if it names any. Raises RuleRefused.
    """
    named = rules.segments_named(rule.tree)
    found: dict[str, Rule] = {}
    if named:
        below = (known or graph.read(tenant_id)).below(sorted(named))
        found = {each: there.rule for each, there in segments.several(tenant_id, below).items()}
    found |= instead or {}
    return rules.read(rule, now=now, decimals=_decimals(tenant_id), segments=found, segment_id=segment_id)


def _decimals(tenant_id: str) -> int:
    """Return the decimals of the currency; without one, every lead has spent nothing, in whatever units."""
    currency = money.find(tenant_id)
    return 0 if currency is None else currency.decimals
