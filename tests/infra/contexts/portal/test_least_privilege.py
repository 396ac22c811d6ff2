"""What the function of the portal really calls, held against what its role allows: an emulator hides the gap."""

import pytest

from functions.portal import api as portal_api
from tests.aws.entries import Context, http_event
from tests.infra.permissions import allowed, used

__all__ = ["used"]


@pytest.mark.usefixtures("usual_limits")
def test_the_portal_calls_what_its_role_allows_and_no_more(used: set[str]) -> None:
    for _ in range(200):
        portal_api.handler(http_event("GET", "/api/v1/health"), Context())
    portal_api.handler(http_event("GET", "/api/v1/health/ready"), Context())

    assert used == allowed("functions.portal.api.handler")
