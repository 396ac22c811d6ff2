"""Cycles of dependencies: none may be closed. Pure."""

from collections import deque
from collections.abc import Mapping, Sequence

Edges = Mapping[str, Sequence[str]]
"""The milestones that each milestone depends on."""


def closed_by(edges: Edges, from_id: str, to_id: str) -> list[str] | None:
    """Return the cycle that a dependency of `to_id` on `from_id` would close, None if there is none.

    It begins and ends with `to_id`; each milestone in it depends on the one before. It is a shortest one.
    """
    after: dict[str, str] = {from_id: to_id}
    ahead = deque([from_id])
    while ahead:
        here = ahead.popleft()
        if here == to_id:
            return _walked(after, to_id)
        for each in edges.get(here, ()):
            if each not in after:
                after[each] = here
                ahead.append(each)
    return None


def _walked(after: Mapping[str, str], to_id: str) -> list[str]:
    path = [to_id]
    while len(path) == 1 or path[-1] != to_id:
        path.append(after[path[-1]])
    return path
