"""An authenticator, as a person has one: it holds a secret and shows the code of the moment."""

import time
from dataclasses import dataclass, field

from functions.identity.second_factor import totp
from tests.aws.entries import Answer
from tests.identity.entries import rest
from tests.identity.people import Person, SignedIn

OTP = "/api/v1/auth/otp"


@dataclass
class Authenticator:
    person: Person
    secret: str
    recovery_codes: list[str] = field(default_factory=list)

    def code(self, *, steps: int = 0) -> str:
        return totp.code(self.secret, at_seconds=int(time.time()) + 30 * steps)

    def wrong_code(self) -> str:
        """A code that is none of those that are good now."""
        good = {self.code(steps=steps) for steps in range(-2, 3)}
        return next(code for code in ("000000", "111111", "222222", "333333", "444444", "555555") if code not in good)

    def first_step(self) -> str:
        credentials = {"email": self.person.email, "password": self.person.password}
        answer = rest("POST", "/api/v1/auth/login", credentials)
        assert answer.status == 200, answer.body
        return answer.body["mfa_token"]

    def signs_in(self, **proof: str) -> SignedIn:
        answer = second_step(self.first_step(), **(proof or {"code": self.code()}))
        assert answer.status == 200, answer.body
        return SignedIn(self.person, answer.body["access_token"], answer.body["refresh_token"])


def second_step(mfa_token: str, **proof: str) -> Answer:
    return rest("POST", "/api/v1/auth/login/otp", {"mfa_token": mfa_token, **proof})


def enrolled(here: SignedIn) -> Authenticator:
    """Enrol an authenticator; the code that the moment shows has been used up by that."""
    authenticator = Authenticator(here.person, here.post(f"{OTP}/enroll").body["secret"])
    answer = here.post(f"{OTP}/confirm", {"code": authenticator.code()})
    assert answer.status == 200, answer.body
    authenticator.recovery_codes = answer.body["recovery_codes"]
    return authenticator
