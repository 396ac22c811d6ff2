"""A cold start: the imports before the first event.

Nothing of them is ever garbage, yet Python looks through all of it again and again while there is more and more of it:
a fifth of the time until an API function can answer (docs/performance.md).
"""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Collect no garbage while the context imports; what is there at its end is not looked through later either."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collects:
            gc.enable()
