from collections.abc import Iterator

import pytest

from tests.platform.tenants import Actor, Tenants, restored, standing


@pytest.fixture(scope="module")
def settled() -> Iterator[Tenants]:
    with standing() as tenants:
        yield tenants


@pytest.fixture
def tenants(settled: Tenants) -> Tenants:
    return restored(settled)


@pytest.fixture
def owner(settled: Tenants) -> Actor:
    """The owner, who may do all that may be done; with the credential known, nothing is written but by the request."""
    return restored(settled).actors["owner"]
