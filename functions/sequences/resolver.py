"""The resolver of sequences: its one API, and what several of its operations take."""

import functools
from typing import Annotated, Final

from functions.sequences import sequences
from functions.sequences.sequences import Place
from shared import clock
from shared.api import operations
from shared.api.declarations import Path
from shared.api.operations import BODY, KEYED, page
from shared.api.rest import Api
from shared.callers import step_up
from shared.callers.caller import Caller
from shared.errors import Forbidden

__all__ = [
    "BODY",
    "ELEMENT",
    "ELEMENTS",
    "KEYED",
    "READ",
    "SEQUENCE",
    "SEQUENCES",
    "TYPES",
    "VERSIONS",
    "WRITE",
    "Number",
    "api",
    "at",
    "claim",
    "page",
]

READ: Final = "sequences:read"
WRITE: Final = "sequences:write"
ADMIN: Final = "sequences:admin"

SEQUENCES: Final = "/api/v1/sequences"
TYPES: Final = f"{SEQUENCES}/types"
SEQUENCE: Final = f"{SEQUENCES}/<scope>/<element_type>"
ELEMENTS: Final = f"{SEQUENCE}/elements"
ELEMENT: Final = f"{ELEMENTS}/<element_id>"
VERSIONS: Final = f"{ELEMENT}/versions"

MOST_UNPROVED: Final = 50
"""How many elements are put in another order without more than a token."""

Number = Annotated[int, Path(ge=1, le=99_999_999, description="The number of a version.")]

api = Api()
claim = functools.partial(operations.claim, api)


class KeyMayNotReorderAll(Forbidden):
    """403: an API key changes the order of more than 50 elements only with the scope `sequences:admin`."""

    def __init__(self) -> None:
        super().__init__("An API key changes the order of more than 50 elements only with the scope sequences:admin.")


def at(scope: str, element_type: str) -> Place:
    """Return the sequence of the caller's tenant that a request names. Raises InvalidInput, ElementTypeNotFound."""
    return sequences.place(api.caller, scope, element_type)


def require_large() -> None:
    """Require that the caller may change the order of many elements. Raises KeyMayNotReorderAll, StepUpRequired."""
    require_admin_of_keys(api.caller)
    step_up.require(api.caller, step_up.RECENT_SECOND_FACTOR, now=clock.now())


def require_admin_of_keys(caller: Caller) -> None:
    """Require that an API key may do anything with sequences. Raises KeyMayNotReorderAll."""
    if caller.key_id is not None and ADMIN not in caller.scopes:
        raise KeyMayNotReorderAll
