"""The groups of functions that share a bundle, as pyproject.toml declares them.

A group is a table `[tool.milepost.bundles.<name>]` and the dependency group of the same name. `make lock` pins the
packages of both that group and the project in `requirements/<name>.txt`.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name

SHARED = "shared"
PORTAL = "portal"

_PIN = re.compile(r"^([\w.-]+)==", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Functions of some contexts, the AWS services they call, and the megabytes that their zip may have."""

    name: str
    contexts: frozenset[str]
    services: frozenset[str]
    largest_mb: float

    @property
    def lock(self) -> str:
        """Return the file with the pinned packages of the group, from the root of the repository."""
        return f"requirements/{self.name}.txt"

    def holds(self, path: Path) -> bool:
        """Return whether a source file, given from the root of the repository, belongs into the bundle."""
        top, *below = path.parts
        if top == "functions":
            return len(below) == 1 or below[0] in self.contexts
        # The API document is read by the portal alone.
        return top == SHARED or PORTAL in self.contexts


def declared(root: Path) -> tuple[Group, ...]:
    """Return the groups of a checkout."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return tuple(
        Group(
            name=name,
            contexts=frozenset(table["contexts"]),
            services=frozenset(table["services"]),
            largest_mb=table["largest_mb"],
        )
        for name, table in project["tool"]["milepost"]["bundles"].items()
    )


def pinned(root: Path, group: Group) -> list[str]:
    """Return the normalised names of the packages in the group's lock."""
    lock = (root / group.lock).read_text(encoding="utf-8")
    return [canonicalize_name(name) for name in _PIN.findall(lock)]
