"""What a context tells the tests that hold for every context, in the `catalogue.py` of its own tests.

- `FIELDS`: its GraphQL fields, each with the arguments it takes.
- `UNPREPARED`: what the owner is told by an operation or a field before which something must have happened.
- `CASES`: how many cases a caller is sent at least of what the API document allows and forbids (`test_conformance.py`).
- `SCOPES`: what its scopes begin with, where that is not its name.
"""

import importlib
from typing import Any

from tests.platform.architecture import ROOT


def told(name: str) -> dict[str, Any]:
    """Return what each context tells under a name, for those that do."""
    catalogues = {
        path.parent.name: importlib.import_module(f"tests.{path.parent.name}.catalogue")
        for path in sorted((ROOT / "tests").glob("*/catalogue.py"))
    }
    return {context: getattr(each, name) for context, each in catalogues.items() if hasattr(each, name)}
