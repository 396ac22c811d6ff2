"""What AWS refuses for its rate costs nobody anything: an operation that needs a busy service writes nothing before.

The owner calls every operation while all services but the table are throttled and no secret is remembered.
"""

from collections.abc import Iterator

import pytest

from functions.identity.second_factor import seals
from functions.milestones.evaluation import settings as stage
from functions.webhooks import endpoints
from shared.callers import api_keys
from tests.aws.troubles import throttling
from tests.platform.held import stored, unchanged
from tests.platform.operations import OPERATIONS, Operation
from tests.platform.tenants import Tenants, restored

SENDING = {"POST /api/v1/auth/generate", "PUT /api/v1/auth/phone"}
"""These count a code before they send it, since each SMS is paid for; a repeat sends another code."""
NEEDING = {"POST /api/v1/auth/login", "POST /api/v1/auth/otp/enroll", "POST /api/v1/keys"}
"""Some that need another service, so that a test which throttles nothing is noticed."""
WRITING = [each for each in OPERATIONS if each.method != "GET"]


@pytest.fixture
def tenants(settled: Tenants) -> Iterator[Tenants]:
    """The tenants, while every service but the table is busy and no secret is remembered."""
    for secret in (seals.secret, endpoints.secret, api_keys.pepper):
        secret.forget()
    stage.forget()
    with throttling(but="dynamodb"):
        yield restored(settled)


@pytest.mark.parametrize("operation", WRITING, ids=str)
def test_an_operation_that_needs_a_busy_service_writes_nothing_before(operation: Operation, tenants: Tenants):
    before = stored()

    reply = tenants.actors["owner"].calls(operation, operation.example)

    assert reply.status != 500
    assert reply.status == 503 or str(operation) not in NEEDING
    assert reply.status != 503 or str(operation) in SENDING or unchanged(before, stored())
