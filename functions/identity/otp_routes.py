"""The second factor over REST: enrol it, sign in with it, prove it once more."""

import io

from aws_lambda_powertools.event_handler import Response

from functions.identity import otp_replies, otp_sign_ins, replies, second_factors, step_ups
from functions.identity.allowance import TooManyChallenges
from functions.identity.auth_routes import AUTH
from functions.identity.door import BODY, READ, WRITE, api, source_address
from functions.identity.messages import NoMailSent
from functions.identity.otp_shapes import Challenged, FirstCode, SecondStep, Verification
from functions.identity.otp_sign_ins import InvalidCode
from functions.identity.pending_sign_ins import InvalidMfaToken
from functions.identity.second_factors import (
    SecondFactorEnrolled,
    SecondFactorNotFound,
    SignInRequired,
    WrongCode,
)
from functions.identity.sign_ins import SignInLocked
from functions.identity.text_messages import NoTextSent
from functions.identity.users import UserNotFound
from shared import clock
from shared.api import PUBLIC, answer
from shared.step_up import RECENT_SECOND_FACTOR, RECENT_SIGN_IN

OTP = f"{AUTH}/otp"


@api.operation(
    "POST",
    f"{OTP}/enroll",
    scope=WRITE,
    summary="Begin to enrol a second factor",
    answers={200: otp_replies.Enrolment},
    refusals=(SecondFactorEnrolled, SignInRequired, UserNotFound),
    assurance=RECENT_SIGN_IN,
)
def enroll_second_factor() -> Response[str]:
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
    answers={200: otp_replies.RecoveryCodes},
    refusals=(*BODY, WrongCode, SecondFactorNotFound, SecondFactorEnrolled, SignInRequired),
)
def confirm_second_factor(first: FirstCode) -> Response[str]:
    """Send the code that the authenticator shows. From now on signing in takes a code, and so do some operations.

    Your access tokens are revoked within 60 seconds; refresh your session. The recovery codes are shown only now.
    """
    return answer(200, {"recovery_codes": second_factors.confirm(api.caller, first.code, now=clock.now())})


@api.operation("GET", OTP, scope=READ, summary="Look at your second factor", answers={200: otp_replies.SecondFactor})
def show_second_factor() -> Response[str]:
    """Tell whether you have a second factor, since when, and how many recovery codes are left."""
    return answer(200, second_factors.state(api.caller))


@api.operation(
    "DELETE",
    OTP,
    scope=WRITE,
    summary="Remove your second factor",
    answers={204: None},
    refusals=(SecondFactorNotFound,),
    assurance=RECENT_SECOND_FACTOR,
)
def remove_second_factor() -> Response[str]:
    """Sign in with the password alone again. Your access tokens are revoked within 60 seconds; refresh your session."""
    second_factors.remove(api.caller, now=clock.now())
    return answer(204)


@api.operation(
    "POST",
    f"{AUTH}/login/otp",
    scope=PUBLIC,
    summary="Sign in, the second step",
    answers={200: replies.SignedIn},
    refusals=(*BODY, InvalidMfaToken, InvalidCode, SignInLocked),
)
def login_with_code(step: SecondStep) -> Response[str]:
    """Exchange the `mfa_token` of the first step and a code for the tokens of a session.

    A code is good once. Five wrong ones end the sign-in, and lock as five wrong passwords do.
    """
    granted = otp_sign_ins.finish(
        mfa_token=step.mfa_token, proof=step.proof, now=clock.now(), source_address=source_address()
    )
    return answer(200, granted)


@api.operation(
    "POST",
    f"{AUTH}/generate",
    scope=WRITE,
    summary="Ask for a one-time code",
    answers={202: otp_replies.Challenge},
    refusals=(*BODY, SignInRequired, UserNotFound, TooManyChallenges, NoMailSent, NoTextSent),
)
def generate_code(challenged: Challenged) -> Response[str]:
    """Send yourself a one-time code, good for five minutes. The one before is good no longer.

    It comes by SMS to the number you have confirmed, if this stage sends SMS there, else by e-mail. Who has enrolled
    an authenticator takes the code from there, and is sent none. The answer is the same for the name of anybody else,
    to whom nothing is sent, and for a name that nobody has.
    """
    return answer(202, step_ups.generate(api.caller, username=challenged.username, now=clock.now()))


@api.operation(
    "POST",
    f"{AUTH}/verify",
    scope=WRITE,
    summary="Prove your second factor once more",
    answers={200: otp_replies.StepUp},
    refusals=(*BODY, WrongCode, SignInRequired, UserNotFound, SignInLocked),
)
def verify_code(verification: Verification) -> Response[str]:
    """Exchange a one-time code for an access token of five minutes, which operations take that ask for step-up.

    The code is that of your authenticator if you have enrolled one, else the one that was sent to you. It is good once;
    five wrong ones end the challenge, and lock as five wrong passwords do.
    """
    sent = verification.model_dump()
    return answer(200, step_ups.verify(api.caller, **sent, now=clock.now(), source_address=source_address()))


def _qr_code(text: str) -> str:
    # Imported here because only who enrols needs it, and it would be a tenth of a cold start.
    import segno  # noqa: PLC0415

    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="svg", scale=4, xmldecl=False, nl=False)
    return picture.getvalue().decode()
