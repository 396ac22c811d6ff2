"""Which contexts there are: found by their folders, listed nowhere.

A context is deployed when it has `infra/contexts/<context>/functions.py`. It has an API when it has
`functions/<context>/api.py`; its operations are declared there, in its `resolver.py`, or in a `document.py`.
"""

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from shared.api import document as api_document
from shared.metrics import Metric

ROOT = Path(__file__).parents[1]


def contexts() -> list[str]:
    """Return the names of all contexts that are deployed, sorted."""
    return sorted(path.parent.name for path in (ROOT / "infra" / "contexts").glob("*/functions.py"))


def infrastructure(part: str) -> dict[str, ModuleType]:
    """Return the module of this name of every context that has one, such as `functions`, by context."""
    return {
        context: importlib.import_module(f"infra.contexts.{context}.{part}")
        for context in contexts()
        if (ROOT / "infra" / "contexts" / context / f"{part}.py").exists()
    }


def apis() -> Iterator[tuple[str, ModuleType]]:
    """Yield every context that has an API, with the module of its handler."""
    for path in sorted((ROOT / "functions").glob("*/api.py")):
        yield path.parent.name, importlib.import_module(f"functions.{path.parent.name}.api")


def declaring(context: str) -> ModuleType:
    """Return the module in which a context's API is declared: as `api`, or as a function `document`."""
    found = importlib.import_module(f"functions.{context}.api")
    for part in ("resolver", "document"):
        if (ROOT / "functions" / context / f"{part}.py").exists():
            found = importlib.import_module(f"functions.{context}.{part}")
    return found


def document(context: str) -> dict[str, Any]:
    """Return the API document of a context that has an API."""
    declared = declaring(context)
    own: dict[str, Any] = api_document.of(declared.api.routes) if hasattr(declared, "api") else declared.document()
    return own


def metrics() -> list[Metric]:
    """Return every metric that the platform writes, as the modules called `metrics` declare them."""
    paths = sorted(path for folder in ("functions", "shared") for path in (ROOT / folder).glob("*/**/metrics.py"))
    modules = [importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)) for path in paths]
    return [metric for module in modules for metric in module.METRICS]
