"""What is refused of the graph of a project, whoever would change it."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import NotAllowed


class DependencyCycle(NotAllowed):
    """422: the milestone would depend on itself; the refusal shows the way round."""

    def __init__(self, path: Sequence[str]) -> None:
        super().__init__("This closes a cycle: in the end a milestone would wait for itself.")
        self._path = [*path]

    @property
    def members(self) -> Mapping[str, Any]:
        """The cycle; each milestone in it depends on the one before."""
        return {"path": self._path}
