"""The telephone number that one's codes are sent to, over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.identity.accounts.users import UserNotFound
from functions.identity.codes.allowance import TooManyChallenges
from functions.identity.codes.sms import NoTextSent
from functions.identity.profile import phones
from functions.identity.profile.phones import PhoneNotFound
from functions.identity.resolver import AUTH, BODY, WRITE, api, source_address
from functions.identity.second_factor.second_factors import SignInRequired, WrongCode
from functions.identity.sign_in.sign_ins import SignInLocked
from shared import clock
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IfMatch, answer
from shared.callers.step_up import RECENT_SECOND_FACTOR, RECENT_SIGN_IN
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.identity.profile.shapes import PhoneChange, SentCode


replies = Replies("functions.identity.profile.replies")

SENT = Body("functions.identity.profile.shapes")

PHONE = f"{AUTH}/phone"


@api.operation(
    "PUT",
    PHONE,
    scope=WRITE,
    summary="Send a code to your number",
    answers={202: replies.PhoneChallenge},
    refusals=(*BODY, SignInRequired, UserNotFound, NoTextSent, TooManyChallenges),
    assurance=RECENT_SIGN_IN,
)
def change_phone(change: Annotated["PhoneChange", SENT]) -> Response:
    """Say which number your one-time codes are to be sent to. A code is sent there now, good for five minutes.

    Until it is confirmed nothing changes. You must have signed in in the last five minutes, and proved your second
    factor if you have one or your tenant demands one: whoever has stolen a token must not make their number yours.
    """
    return answer(202, phones.change(api.caller, change.phone_number, now=clock.now()))


@api.operation(
    "POST",
    f"{PHONE}/confirm",
    scope=WRITE,
    summary="Confirm your number",
    answers={200: replies.Phone},
    refusals=(*BODY, WrongCode, SignInRequired, UserNotFound, SignInLocked),
)
def confirm_phone(sent: Annotated["SentCode", SENT]) -> Response:
    """Send the code that came to the number. From now on your one-time codes come there, not by e-mail.

    It is good once; five wrong ones end the wait, and lock as five wrong passwords do.
    """
    confirmed = phones.confirm(api.caller, sent.code, now=clock.now(), source_address=source_address())
    return answer(200, confirmed)


@api.operation(
    "DELETE",
    PHONE,
    scope=WRITE,
    summary="Remove your number",
    answers={204: None},
    refusals=(PhoneNotFound, UserNotFound, VersionChanged),
    assurance=RECENT_SECOND_FACTOR,
)
def remove_phone(if_match: IfMatch = None) -> Response:
    """Have your one-time codes sent by e-mail again. `If-Match` names the version of your profile."""
    phones.remove(api.caller, if_match=if_match, now=clock.now())
    return answer(204)
