"""Structured logs. One line per thing worth waking up for; the access log of the API has the rest."""

import functools
import os
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

UNHANDLED: Final = "unhandled exception"
"""The message of a line about what nobody expected. A new version that writes it is taken back."""


class _Later:
    """A Logger that is made for the first line: importing Powertools would be a tenth of a cold start."""

    def __getattr__(self, name: str) -> Any:
        return getattr(_made(), name)


@functools.cache
def _made() -> "Logger":
    from aws_lambda_powertools import Logger  # noqa: PLC0415 - see _Later

    made = Logger()
    made.append_keys(version=os.environ.get("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"))
    return made


logger = cast("Logger", _Later())
