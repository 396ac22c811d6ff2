"""The calls of Athena: a statement is started, looked at until it has ended, and stopped when nobody waits any longer.

The text of a failure may quote the statement, so only its kind is logged.
"""

import functools
import secrets
from typing import Any, Final

from functions.audience.querying.athena.statements import Statement
from functions.audience.querying.copies import LeadsTooLarge
from shared import config, pauses
from shared.aws.athena import AthenaPlace
from shared.aws.client import ATHENA, FAILURES, AwsRefused, Client, Limits
from shared.errors import Unavailable
from shared.observability import logger
from shared.pauses import Backoff

_LIMITS: Final = Limits(connect_seconds=2, answer_seconds=10)
_CATALOG: Final = "AwsDataCatalog"
_ENDED: Final = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})
_TOO_MANY_BYTES: Final = "bytes scanned limit"
_TOKEN_BYTES: Final = 32
_FIRST_SECONDS: Final = 0.3
_LONGEST_SECONDS: Final = 1.0


class StatementFailed(Unavailable):
    """503: the statement ended without an answer, maybe since a file that it was reading is gone."""

    def __init__(self) -> None:
        super().__init__("The question about your leads could not be answered. Repeat the request.")


def answered(statement: Statement, place: AthenaPlace) -> str:
    """Run a statement, and return the key of the file that has its answer.

    Raises LeadsTooLarge where it would read more than a question may, StatementFailed, Unavailable.
    """
    try:
        execution_id = _started(statement, place)
        ended = _ended(execution_id, place)
    except FAILURES as failure:
        code = failure.code if isinstance(failure, AwsRefused) else type(failure).__name__
        logger.error("Athena does not answer", code=code)
        raise Unavailable("Athena does not answer. Repeat the request.", headers={"Retry-After": "5"}) from failure
    status = ended["Status"]
    if status["State"] == "SUCCEEDED":
        return str(ended["ResultConfiguration"]["OutputLocation"]).removeprefix(f"s3://{config.files_bucket()}/")
    if _TOO_MANY_BYTES in str(status.get("StateChangeReason", "")).lower():
        raise LeadsTooLarge
    error = status.get("AthenaError", {})
    logger.error(
        "statement failed",
        execution_id=execution_id,
        state=status["State"],
        category=error.get("ErrorCategory"),
        error_type=error.get("ErrorType"),
    )
    raise StatementFailed


def _started(statement: Statement, place: AthenaPlace) -> str:
    request: dict[str, Any] = {
        "QueryString": statement.sql,
        "QueryExecutionContext": {"Catalog": _CATALOG, "Database": place.database},
        "WorkGroup": place.workgroup,
        # A start that is tried again is the same one.
        "ClientRequestToken": secrets.token_hex(_TOKEN_BYTES),
    }
    if statement.parameters:
        request["ExecutionParameters"] = [*statement.parameters]
    return str(_client().call("StartQueryExecution", request)["QueryExecutionId"])


def _ended(execution_id: str, place: AthenaPlace) -> dict[str, Any]:
    """Return an execution that has ended; one that takes too long is stopped. Raises Unavailable, and as the client."""
    backoff = Backoff(_FIRST_SECONDS, _LONGEST_SECONDS, patience_seconds=place.patience_seconds)
    for _ in pauses.tries(backoff):
        answer = _client().call("GetQueryExecution", {"QueryExecutionId": execution_id})
        execution: dict[str, Any] = answer["QueryExecution"]
        if execution["Status"]["State"] in _ENDED:
            return execution
    _client().call("StopQueryExecution", {"QueryExecutionId": execution_id})
    logger.warning("statement stopped", execution_id=execution_id, seconds=place.patience_seconds)
    raise Unavailable("Your leads are too many for an answer in time. Repeat the request, or ask for less.")


@functools.cache
def _client() -> Client:
    return Client(ATHENA, _LIMITS)
