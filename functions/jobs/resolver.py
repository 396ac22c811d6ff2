"""The resolver of jobs: its one API, and what several of its operations take. A user sees their own jobs alone."""

import functools
from typing import Final

from shared.api import operations
from shared.api.operations import KEYED, page
from shared.api.rest import Api

__all__ = ["JOB", "JOBS", "KEYED", "READ", "WRITE", "api", "claim", "page"]

READ: Final = "jobs:read"
WRITE: Final = "jobs:write"

JOBS: Final = "/api/v1/jobs"
JOB: Final = f"{JOBS}/<job_id>"

api = Api()
claim = functools.partial(operations.claim, api)
