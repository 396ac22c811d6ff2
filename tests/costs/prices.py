"""The prices of `docs/prices.toml`, and what is assumed there."""

import os
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

_FILE: dict[str, Any] = tomllib.loads((ROOT / "docs" / "prices.toml").read_text(encoding="utf-8"))
MILLION: dict[str, float] = _FILE["a_million"]
MONTH: dict[str, float] = _FILE["a_month"]
LOG_GIGABYTE: float = _FILE["a_gigabyte"]["log"]
ASSUMED: dict[str, Any] = _FILE["assumed"]
WRITES = bool(os.environ.get("WRITE_COSTS"))
"""Whether the tables of the pages are written anew, and not only looked at."""
BATCH: int = ASSUMED["messages_in_a_batch"]


def call_ms(operation: str) -> float:
    """Return how long a function waits for a call, as it is assumed."""
    waits: dict[str, float] = ASSUMED["call_ms"]
    return waits.get(operation, waits["others"])
