"""Structured logs and metrics. One line per thing worth waking up for; the access log of the API has the rest."""

import functools
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger


class _Later:
    """A Logger that is made for the first line: importing Powertools would be a tenth of a cold start."""

    def __getattr__(self, name: str) -> Any:
        return getattr(_made(), name)


@functools.cache
def _made() -> "Logger":
    from aws_lambda_powertools import Logger  # noqa: PLC0415 - see _Later

    return Logger()


logger = cast("Logger", _Later())
