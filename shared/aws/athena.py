"""Where Athena is asked, on a stage that has it: the environment says so."""

import os
from typing import NamedTuple


class AthenaPlace(NamedTuple):
    """Where Athena is asked: a workgroup and a database; and how long an answer may take."""

    workgroup: str
    database: str
    patience_seconds: float


def place() -> AthenaPlace | None:
    """Return where Athena is asked, None on a stage without it."""
    workgroup = os.environ.get("ATHENA_WORKGROUP")
    if not workgroup:
        return None
    return AthenaPlace(workgroup, os.environ["ATHENA_DATABASE"], float(os.environ["ATHENA_PATIENCE_SECONDS"]))
