"""Which engine answers a question: DuckDB where a tenant has files of many leads, else the table itself.

A rule that asks for more than is kept with a lead (some of its orders, messages of campaigns) needs files at any size.
"""

from typing import Final

from functions.audience.querying import audiences
from functions.audience.querying.audiences import Audience
from functions.audience.segments import matching
from functions.audience.segments.rules.form import Node

LEAST: Final = 2_000
"""Fewer leads are read from the table in about the time that a file takes to come, and as they are now."""


def of(tenant_id: str, node: Node) -> Audience | None:
    """Return the files that answer a question, None if the table does.

    Raises copies.LeadsTooLarge, Unavailable.
    """
    found = audiences.of(tenant_id)
    if found is None or (found.number < LEAST and matching.unanswered(node) is None):
        return None
    return found
