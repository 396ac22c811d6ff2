from collections.abc import Iterator

import pytest
import time_machine

from tests.payments.gateways import stripe_stand_in
from tests.payments.gateways.paying import paying
from tests.payments.gateways.stripe_stand_in import StandIn
from tests.payments.releases.world import World


@pytest.fixture
def there() -> Iterator[StandIn]:
    with stripe_stand_in.running() as store:
        yield store


@pytest.fixture
def world(aws: None, there: StandIn, time: time_machine.Traveller) -> World:
    """A tenant that pays by Stripe, to a payee in effect."""
    return paying(there)
