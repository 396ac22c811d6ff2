"""The entry of an erased lead in the frozen audience of a campaign that is not over.

The files are written again, with the same number of entries at the same places, so chunks stay as they were cut. An
entry that is erased has no digest, and the name that stands for its lead; no worker does anything for it.
"""

from typing import Final

from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.freezing import arranging, audiences, frozen
from shared.storage import files
from shared.storage.files import FileNotFound

_MOST_BYTES: Final = 128 * 1024 * 1024
"""More than 2,000,000 entries; a file is in memory twice."""


def erase(campaign: Campaign, lead_id: str, name: str) -> bool:
    """Erase a lead from the files of a campaign; return whether it was in its audience, also if it is erased already.

    Raises FileChanged when somebody else writes a file, FileTooLarge, Unavailable.
    """
    kept = frozen.find(campaign.tenant_id, campaign.campaign_id)
    keys = () if kept is None else dict.fromkeys((kept.file, arranging.file(campaign, kept)))
    were_in = [_from_file(key, campaign.audience or 0, lead_id, name) for key in keys]
    return any(were_in)


def _from_file(key: str, count: int, lead_id: str, name: str) -> bool:
    try:
        content = files.read(key, most_bytes=_MOST_BYTES)
    except FileNotFound:
        return False
    position = audiences.position_of(content.body, lead_id, count)
    if position is None:
        return audiences.position_of(content.body, name, count) is not None
    body = audiences.erased(content.body, position, name)
    files.replace(key, body, media_type=audiences.MEDIA_TYPE, etag=content.etag)
    return True
