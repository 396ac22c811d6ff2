from collections.abc import Iterator

import pytest

from shared.messaging import appsync
from tests.goals.listening.publishing import GraphqlApi, standing_in


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[GraphqlApi]:
    """What stands in for AppSync on this stage."""
    with standing_in() as (kept, url):
        monkeypatch.setenv("GRAPHQL_URL", url)
        yield kept
        appsync._connections().close()
