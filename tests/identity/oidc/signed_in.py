"""People who signed in with a provider."""

from tests.aws.entries import Answer
from tests.identity.entries import bearer, rest
from tests.identity.people import Person, SignedIn, registered


def signed_in(answer: Answer) -> SignedIn:
    assert answer.status == 200, answer.body
    token = answer.body["access_token"]
    me = rest("GET", "/api/v1/auth/me", headers=bearer(token)).body
    person = Person(me["user_id"], me["tenant_id"], me["email"], "")
    return SignedIn(person, token, answer.body["refresh_token"])


def colleague(owner: SignedIn) -> SignedIn:
    """Another owner of the tenant."""
    invitation = {"email": "grace@example.com", "role": "owner"}
    token = owner.post("/api/v1/invitations", invitation).body["token"]
    return registered("grace", invitation_token=token).signs_in()
