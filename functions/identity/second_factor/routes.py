"""The second factor over REST: enrol it, sign in with it, prove it once more."""

import io
from typing import TYPE_CHECKING, Annotated

from functions.identity.accounts.users import UserNotFound
from functions.identity.resolver import AUTH, BODY, READ, WRITE, api
from functions.identity.second_factor import second_factors
from functions.identity.second_factor.second_factors import (
    SecondFactorEnrolled,
    SecondFactorNotFound,
    SignInRequired,
    WrongCode,
)
from shared import clock
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import answer
from shared.callers.step_up import RECENT_SECOND_FACTOR, RECENT_SIGN_IN

if TYPE_CHECKING:
    from functions.identity.second_factor.shapes import FirstCode


replies = Replies("functions.identity.second_factor.replies")

SENT = Body("functions.identity.second_factor.shapes")

OTP = f"{AUTH}/otp"


@api.operation(
    "POST",
    f"{OTP}/enroll",
    scope=WRITE,
    summary="Begin to enrol a second factor",
    answers={200: replies.Enrolment},
    refusals=(SecondFactorEnrolled, SignInRequired, UserNotFound),
    assurance=RECENT_SIGN_IN,
)
def enroll_second_factor() -> Response:
    """Make a secret for your authenticator. It counts once its first code is confirmed, within 15 minutes.

    Until then nothing changes, and whoever begins again gets another secret. You must have signed in, or proved a
    code that was sent to you, in the last five minutes: whoever has stolen a token must not make their authenticator
    yours.
    """
    enrolment = second_factors.enroll(api.caller, now=clock.now())
    return answer(200, {**enrolment, "qr_svg": _qr_code(enrolment["otpauth_uri"])})


@api.operation(
    "POST",
    f"{OTP}/confirm",
    scope=WRITE,
    summary="Enrol the second factor",
    answers={200: replies.RecoveryCodes},
    refusals=(*BODY, WrongCode, SecondFactorNotFound, SecondFactorEnrolled, SignInRequired, UserNotFound),
)
def confirm_second_factor(first: Annotated["FirstCode", SENT]) -> Response:
    """Send the code that the authenticator shows. From now on signing in takes a code, and so do some operations.

    Your access tokens are revoked within 60 seconds; refresh your session. The recovery codes are shown only now.
    """
    return answer(200, {"recovery_codes": second_factors.confirm(api.caller, first.code, now=clock.now())})


@api.operation(
    "GET",
    OTP,
    scope=READ,
    summary="Look at your second factor",
    answers={200: replies.SecondFactor},
    refusals=(UserNotFound,),
)
def show_second_factor() -> Response:
    """Tell whether you have a second factor, since when, and how many recovery codes are left."""
    return answer(200, second_factors.state(api.caller))


@api.operation(
    "DELETE",
    OTP,
    scope=WRITE,
    summary="Remove your second factor",
    answers={204: None},
    refusals=(SecondFactorNotFound, UserNotFound),
    assurance=RECENT_SECOND_FACTOR,
)
def remove_second_factor() -> Response:
    """Sign in with the password alone again. Your access tokens are revoked within 60 seconds; refresh your session."""
    second_factors.remove(api.caller, now=clock.now())
    return answer(204)


def _qr_code(text: str) -> str:
    # Imported here because only who enrols needs it, and it would be a tenth of a cold start.
    import segno  # noqa: PLC0415

    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="svg", scale=4, xmldecl=False, nl=False)
    return picture.getvalue().decode()
