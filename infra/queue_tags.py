"""The tags by which the queues of a stage are found: dead letters outlive their stack, and have no fixed name."""

from typing import Final

CONSUMER: Final = "consumer"
"""Whose queue it is: what `make redrive` calls it."""
PART: Final = "part"
"""Which of its two queues it is."""
QUEUE: Final = "Queue"
DEAD_LETTERS: Final = "DeadLetters"
SCHEDULES: Final = "schedules"
"""The consumer of what schedules could not deliver, which has dead letters only."""
