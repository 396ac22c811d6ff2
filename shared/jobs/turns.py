"""Turns: a user's jobs are begun one after the other, so that two at the same moment do not pass the limit."""

from shared.storage import table
from shared.storage.attributes import Key
from shared.storage.writes import ABSENT, Put, unchanged


def next_one(partition: str) -> Put:
    """Return the write after which it is another's turn; it fails for whoever has read the same turn."""
    place = Key(partition, "JOBS")
    turns = table.get(place, consistent=True)
    version = turns["version"] if turns else 0
    item = {"PK": place.pk, "SK": place.sk, "entity": "JobTurns", "version": version + 1}
    return Put(item, unchanged(version) if turns else ABSENT)
