"""Signing in and stepping up with a one-time code over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.identity.accounts.users import UserNotFound
from functions.identity.codes.allowance import TooManyChallenges
from functions.identity.codes.mail import NoMailSent
from functions.identity.codes.sms import NoTextSent
from functions.identity.resolver import AUTH, BODY, WRITE, api, source_address
from functions.identity.second_factor.second_factors import (
    SignInRequired,
    WrongCode,
)
from functions.identity.sign_in import code_sign_ins, step_ups
from functions.identity.sign_in.code_sign_ins import InvalidCode
from functions.identity.sign_in.pending_sign_ins import InvalidMfaToken
from functions.identity.sign_in.sign_ins import SignInLocked
from shared import clock
from shared.api.admission import GUESSABLE
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import PUBLIC, answer

if TYPE_CHECKING:
    from functions.identity.sign_in.shapes import Challenged, SecondStep, Verification


replies = Replies("functions.identity.sign_in.replies")

SENT = Body("functions.identity.sign_in.shapes")


@api.operation(
    "POST",
    f"{AUTH}/login/otp",
    scope=PUBLIC,
    admission=GUESSABLE,
    summary="Sign in, the second step",
    answers={200: replies.Entered},
    refusals=(*BODY, InvalidMfaToken, InvalidCode, SignInLocked),
)
def login_with_code(step: Annotated["SecondStep", SENT]) -> Response:
    """Exchange the `mfa_token` of the first step and a code for the tokens of a session.

    A code is good once. Five wrong ones end the sign-in, and lock as five wrong passwords do.
    """
    granted = code_sign_ins.finish(
        mfa_token=step.mfa_token, proof=step.proof, now=clock.now(), source_address=source_address()
    )
    return answer(200, granted)


@api.operation(
    "POST",
    f"{AUTH}/generate",
    scope=WRITE,
    summary="Ask for a one-time code",
    answers={202: replies.Challenge},
    refusals=(*BODY, SignInRequired, UserNotFound, TooManyChallenges, NoMailSent, NoTextSent),
)
def generate_code(challenged: Annotated["Challenged", SENT]) -> Response:
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
    answers={200: replies.StepUp},
    refusals=(*BODY, WrongCode, SignInRequired, UserNotFound, SignInLocked),
)
def verify_code(verification: Annotated["Verification", SENT]) -> Response:
    """Exchange a one-time code for an access token of five minutes, which operations take that ask for step-up.

    The code is that of your authenticator if you have enrolled one, else the one that was sent to you. It is good once;
    five wrong ones end the challenge, and lock as five wrong passwords do.
    """
    sent = verification.model_dump()
    return answer(200, step_ups.verify(api.caller, **sent, now=clock.now(), source_address=source_address()))
