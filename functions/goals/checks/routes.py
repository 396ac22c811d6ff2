"""The check of rows over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.goals import resolver
from functions.goals.resolver import BODY, GOALS, WRITE, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import answer

if TYPE_CHECKING:
    from functions.goals.checks.shapes import RowsCheck

replies = Replies("functions.goals.checks.replies")

SENT = Body("functions.goals.checks.shapes")


@api.operation(
    "POST",
    f"{GOALS}/check",
    scope=WRITE,
    summary="Check rows before writing them",
    answers={200: replies.RowsChecked},
    refusals=BODY,
    is_writing=False,
)
def check_rows(sent: Annotated["RowsCheck", SENT]) -> Response:
    """Check up to 100 rows of a task and its goal by the rules of the writes. Nothing is written.

    A wrong row does not refuse the request: `errors` of its result names the fields, as the write would.
    """
    # Imported here because no other operation waits for it on a cold start.
    from functions.goals.checks import checks  # noqa: PLC0415

    return answer(200, checks.run(resolver.caller(), sent))
