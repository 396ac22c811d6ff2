"""A panic of the engine is an error of ours, and never the end of the process.

pyo3 raises a panic as a `PanicException`, which is no `Exception`, so that nothing that catches errors catches it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from functions.search.engine.ports import EngineBroken

__all__ = ["EngineBroken", "contained"]

_PANIC: Final = "PanicException"


@contextmanager
def contained(doing: str) -> Iterator[None]:
    """Raise EngineBroken for a panic within, and for a refusal of values that were checked before."""
    try:
        yield
    except ValueError as refused:
        # Without its cause, whose message may quote what was searched.
        raise EngineBroken(f"the engine refused while {doing}: {type(refused).__name__}") from None
    except Exception:
        raise
    except BaseException as panic:
        if type(panic).__name__ != _PANIC:
            raise
        raise EngineBroken(f"the engine panicked while {doing}") from None
