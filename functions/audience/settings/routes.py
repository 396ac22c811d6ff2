"""The settings of an audience, over REST."""

from typing import TYPE_CHECKING, Annotated, Final

from functions.audience.resolver import ADMIN, AUDIENCE, BODY, READ, api
from functions.audience.settings import settings
from functions.audience.settings.settings import PhonesShared
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IfMatch, answer
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.audience.settings.shapes import SettingsChange

replies = Replies("functions.audience.settings.replies")

SENT: Final = Body("functions.audience.settings.shapes")
SETTINGS: Final = f"{AUDIENCE}/settings"


@api.operation(
    "GET",
    SETTINGS,
    scope=READ,
    summary="Show the settings of the audience",
    answers={200: replies.AudienceSettings},
)
def show_audience_settings() -> Response:
    """Show what your tenant has decided about its audience."""
    return answer(200, settings.show(api.caller.tenant_id))


@api.operation(
    "PATCH",
    SETTINGS,
    scope=ADMIN,
    summary="Change the settings of the audience",
    answers={200: replies.AudienceSettings},
    refusals=(*BODY, PhonesShared, VersionChanged),
)
def change_audience_settings(change: Annotated["SettingsChange", SENT], if_match: IfMatch = None) -> Response:
    """Change settings. Where people share telephone numbers, these identify nobody; that cannot be taken back."""
    return answer(200, settings.change(api.caller.tenant_id, change.wanted(), if_match=if_match))
