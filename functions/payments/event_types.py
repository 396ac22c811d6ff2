"""The events of payments. None has an address, a bank line, or another text that people wrote."""

from collections.abc import Mapping
from typing import Final

from shared.messaging.event_data import EventType

EVENT_TYPES: Final[Mapping[str, EventType]] = {}
