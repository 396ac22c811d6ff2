"""In which wave each row of a file is written, so that rows about one lead follow one another. Pure.

The waves are written one after the other, and the parts of a wave at the same time; the last wave in the order of the
file. Rows that may be about one lead are tied: by an identifier that both have, by a lead that is known by an
identifier of each, or by rows before them that have both. A row comes at least one wave behind every earlier row that
it is tied to. So whatever is at work at the same time, each lead is written in the order of the file.
"""

from array import array
from collections.abc import Hashable, Iterable
from typing import Final

LAST: Final = 7
"""Rows that would come later are in this wave, one part after the other."""


class Waves:
    """Who was seen so far, as groups of what is tied, and the wave of the latest row of each group.

    A tie is known by its hash of 64 bits. Two that have the same one are tied without need, which costs a wave.
    """

    def __init__(self) -> None:
        self._groups: dict[int, int] = {}
        self._parents = array("l")
        self._waves = bytearray()

    def of(self, ties: Iterable[Hashable]) -> int:
        """Return the wave of the next row, which has these ties."""
        hashes = {hash(each) for each in ties}
        known = {self._root(self._groups[each]) for each in hashes if each in self._groups}
        wave = min(max((self._waves[group] + 1 for group in known), default=0), LAST)
        group = min(known, default=len(self._parents))
        if group == len(self._parents):
            self._parents.append(group)
            self._waves.append(wave)
        for each in known:
            self._parents[each] = group
        self._waves[group] = wave
        for each in hashes:
            self._groups.setdefault(each, group)
        return wave

    def _root(self, group: int) -> int:
        while self._parents[group] != group:
            self._parents[group] = group = self._parents[self._parents[group]]
        return group
