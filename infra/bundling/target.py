"""What bundles are built for."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where bundles run: a Python minor version, and a platform of wheels (None: the host's own)."""

    python: str
    platform: str | None
