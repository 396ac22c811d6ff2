"""The engines that the suite of their behaviour runs on: the embedded one, OpenSearch on the loopback, and a live one.

A live OpenSearch is that at `OPENSEARCH_URL`; without it, one test says once that it was not run.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.search.engine.embedded.engine import Embedded
from functions.search.engine.opensearch.engine import OpenSearch
from functions.search.engine.ports import Engine as Port
from tests.search.engine.indexes import COLLECTION_ID, LIVE, Documents, Engine, Opens, opened
from tests.search.opensearch.loopback import serving

ENGINES = ["embedded", "opensearch", *(["live"] if LIVE else [])]


@pytest.fixture(scope="module", params=ENGINES)
def port(request: pytest.FixtureRequest) -> Iterator[Port]:
    """An engine behind the port."""
    if request.param == "embedded":
        yield Embedded()
        return
    with pytest.MonkeyPatch.context() as patch, serving() as loopback:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_REGION", "eu-central-1")
        engine = OpenSearch(LIVE if request.param == "live" and LIVE else loopback.url)
        yield engine
        engine.sweep(COLLECTION_ID, ())


@pytest.fixture(scope="module")
def opens(port: Port, tmp_path_factory: pytest.TempPathFactory) -> Opens:
    """Open a new index of documents in each engine."""

    def make(documents: Documents) -> Engine:
        folder: Path = tmp_path_factory.mktemp("index")
        return opened(folder, documents, port=port)

    return make
