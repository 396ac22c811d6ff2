"""The Logger of what goes wrong and of what happens by itself, each line with the request that it belongs to.

That requests and messages were handled is said by `log_lines.py`, without Powertools.
"""

import functools
import os
from typing import TYPE_CHECKING, Any, Final, cast

from shared import correlation

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

UNHANDLED: Final = "unhandled exception"
"""The message of a line about what nobody expected. A new version that writes it is taken back."""


class _Later:
    """A Logger that is made for the first line: importing Powertools would be a tenth of a cold start."""

    def __getattr__(self, name: str) -> Any:
        logger, belongs_to = _made(), correlation.known()
        # Powertools leaves out what is None.
        logger.append_keys(request_id=belongs_to and belongs_to.request_id)
        return getattr(logger, name)


@functools.cache
def _made() -> "Logger":
    from aws_lambda_powertools import Logger  # noqa: PLC0415 - see _Later

    made = Logger()
    made.append_keys(version=os.environ.get("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"))
    return made


logger = cast("Logger", _Later())
