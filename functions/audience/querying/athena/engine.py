"""Athena as the engine of files that find no room in a function: it reads them in the bucket, and so are its answers.

An answer is CSV, a header before it, every value in quotation marks and what is not set without them. It is copied here
as files are, and shown by the database of this function. Of an answer of millions of rows, GetQueryResults would bring
a thousand at a time.
"""

from collections.abc import Sequence
from typing import Any, Final

from functions.audience.files import reading
from functions.audience.files.reading import File, Snapshot
from functions.audience.querying import copies
from functions.audience.querying.athena import client, manifests, statements, views
from functions.audience.querying.athena.client import StatementFailed
from functions.audience.querying.engine import quoted
from functions.audience.querying.ports import Columns
from functions.audience.segments.rules.dialects import TRINO
from functions.audience.segments.rules.query import Condition
from shared.aws.athena import AthenaPlace
from shared.errors import Unavailable
from shared.storage import files

PURPOSE: Final = "audience-answers"
_TRIES: Final = 3


class Athena:
    """Athena, with one state of a tenant's files, or a later one where that has been replaced."""

    dialect = TRINO

    def __init__(self, tenant_id: str, snapshot: Snapshot, place: AthenaPlace) -> None:
        self._tenant_id = tenant_id
        self._snapshot = snapshot
        self._place = place

    def answer(self, sql: str, parameters: Sequence[Any], columns: Columns) -> Condition:
        """Ask Athena, and return the SQL that shows the copy of its answer.

        Raises copies.LeadsTooLarge, statements.RuleTooLarge, Unavailable.
        """
        key = self._answered(sql, parameters)
        found = files.find(key)
        if found is None:
            raise Unavailable("The answer about your leads is not there. Repeat the request.")
        (path,) = copies.fetched(self._tenant_id, [File(key, found.etag)])
        types = ", ".join(f"{quoted(name)}: {quoted(its_type)}" for name, its_type in columns.items())
        return Condition(
            f"SELECT * FROM read_csv({quoted(str(path))}, columns = {{{types}}}, auto_detect = false, "  # noqa: S608
            "header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false, "
            "parallel = false)",
            [],
        )

    def _answered(self, sql: str, parameters: Sequence[Any]) -> str:
        """Ask until an answer is there: a delta is removed as soon as shards have it, also while it is read."""
        for _ in range(_TRIES):
            name = manifests.written(self._tenant_id, self._snapshot)
            view = views.of(self._tenant_id, name, has_deltas=bool(self._snapshot.deltas))
            try:
                return client.answered(statements.of(f"{view}{sql}", parameters), self._place)
            except StatementFailed:
                now = reading.published(self._tenant_id)
                if now is None or now == self._snapshot:
                    raise
                self._snapshot = now
        raise StatementFailed
