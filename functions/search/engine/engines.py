"""The engine of the stage: OpenSearch where the stage has a domain, else the one that is embedded."""

import functools

from functions.search.engine.embedded.engine import Embedded
from functions.search.engine.ports import Engine
from shared import config


@functools.cache
def of_stage() -> Engine:
    """Return the engine of the stage."""
    address = config.opensearch_url()
    if address is None:
        return Embedded()
    from functions.search.engine.opensearch.engine import OpenSearch  # noqa: PLC0415 - few stages have a domain

    return OpenSearch(address)
