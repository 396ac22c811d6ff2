"""People with an account who are members of several tenants, one by registering and the others by invitation."""

from tests.aws.entries import Answer
from tests.identity.entries import rest
from tests.identity.people import Person, SignedIn

JOIN = "/api/v1/auth/join"
SWITCH = "/api/v1/auth/switch"
MEMBERSHIPS = "/api/v1/auth/memberships"


def invitation(by: SignedIn, email: str, role: str = "member") -> str:
    answer = by.post("/api/v1/invitations", {"email": email, "role": role})
    assert answer.status == 201, answer.body
    token: str = answer.body["token"]
    return token


def accepts(here: SignedIn, token: str) -> Answer:
    return here.post(JOIN, {"invitation_token": token})


def joins(here: SignedIn, by: SignedIn, role: str = "member") -> Person:
    """Return somebody who is signed in as the user they are in the tenant that they join."""
    answer = accepts(here, invitation(by, here.person.email, role))
    assert answer.status == 201, answer.body
    return Person(answer.body["user_id"], by.person.tenant_id, here.person.email, here.person.password)


def switches(here: SignedIn, tenant_id: str) -> Answer:
    return here.post(SWITCH, {"tenant_id": tenant_id})


def switched(here: SignedIn, to: Person) -> SignedIn:
    """Return somebody after they have switched to a tenant that they are a member of."""
    return entered(switches(here, to.tenant_id), to)


def logs_in(person: Person, password: str | None = None) -> Answer:
    return rest("POST", "/api/v1/auth/login", {"email": person.email, "password": password or person.password})


def entered(answer: Answer, person: Person) -> SignedIn:
    assert answer.status == 200, answer.body
    who = Person(answer.body["user_id"], answer.body["tenant_id"], person.email, person.password)
    return SignedIn(who, answer.body["access_token"], answer.body["refresh_token"])
