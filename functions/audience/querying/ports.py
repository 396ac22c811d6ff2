"""What answers questions about the leads of a tenant: DuckDB in this function, or Athena where the files are too large.

A question is SQL over the views `leads` and `versions` (`files/merging.py`), in the engine's dialect.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from functions.audience.segments.rules.dialects import Dialect
from functions.audience.segments.rules.query import Condition

Columns = Mapping[str, str]
"""The columns of an answer and their types in DuckDB."""


class Engine(Protocol):
    """An engine with one state of a tenant's files."""

    @property
    def dialect(self) -> Dialect:
        """What questions are written in."""

    def answer(self, sql: str, parameters: Sequence[Any], columns: Columns) -> Condition:
        """Return the SQL with which the database of this function shows the answer to a question.

        Raises copies.LeadsTooLarge, statements.RuleTooLarge, Unavailable.
        """
