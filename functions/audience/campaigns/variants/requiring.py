"""What variants have to be so that they can be sent, and one of them can win."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.audience.campaigns import rendering
from functions.audience.campaigns.campaigns import Campaign
from shared.errors import FieldError, InvalidInput

_ALL: Final = 100
_FEWEST: Final = 2
_MOST_BYTES: Final = 100_000
"""What the texts of all variants may have together: a campaign is one item, and a worker reads it each second."""


def require(campaign: Campaign) -> None:
    """Require that the message of a campaign can be read, and its variants sent, and that one of them can win.

    Raises BadTemplate, and InvalidInput, which names the field.
    """
    several = campaign.variants
    rendering.read(campaign.message, campaign.channel)
    if campaign.winner is not None and not several:
        raise InvalidInput.of("winner", "needs variants")
    if campaign.winner is not None and campaign.time_zone_mode == "local":
        raise InvalidInput.of("winner", "a campaign by local time has none: its rest would be sent at any time")
    if several:
        _require_together(several)
    for number, each in enumerate(several):
        _require_readable(campaign, each["message"], f"variants.{number}")


def _require_together(several: Sequence[Mapping[str, Any]]) -> None:
    if len(several) < _FEWEST:
        raise InvalidInput.of("variants", "need to be two at least")
    if len({each["name"] for each in several}) < len(several):
        raise InvalidInput.of("variants", "need different names")
    if sum(each["share"] for each in several) != _ALL:
        raise InvalidInput.of("variants", "need shares that are 100 percent together")
    if sum(len(str(each["message"]).encode()) for each in several) > _MOST_BYTES:
        raise InvalidInput.of("variants", f"may have texts of {_MOST_BYTES:,} bytes together")


def _require_readable(campaign: Campaign, own: Mapping[str, Any], place: str) -> None:
    try:
        rendering.read({**campaign.message, **own}, campaign.channel)
    except InvalidInput as refusal:
        errors: list[FieldError] = [
            {"field": f"{place}.{each['field']}", "reason": each["reason"]} for each in refusal.errors
        ]
        raise InvalidInput(f"{place}.{refusal.detail}", errors=errors) from refusal
