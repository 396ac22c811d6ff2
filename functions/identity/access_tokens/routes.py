"""What a verifier of access tokens needs to know, over REST."""

from typing import Any

from functions.identity.access_tokens import signing_keys
from functions.identity.resolver import api
from shared import clock, config
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import PUBLIC, answer
from shared.callers import verification_keys

replies = Replies("functions.identity.access_tokens.replies")


@api.operation(
    "GET",
    "/.well-known/jwks.json",
    scope=PUBLIC,
    summary="Public keys of the access tokens",
    answers={200: replies.Jwks},
)
def jwks() -> Response:
    """List every key that verifies access tokens; look again when a token names one that is not here."""
    signing_keys.active(now=clock.now())
    return _cacheable({"keys": signing_keys.public(now=clock.now())})


@api.operation(
    "GET",
    "/.well-known/openid-configuration",
    scope=PUBLIC,
    summary="Discovery",
    answers={200: replies.Discovery},
)
def discovery() -> Response:
    """Tell a verifier the issuer, where its keys are, and the algorithm they sign with."""
    issuer = config.token_issuer()
    document = {
        "issuer": issuer,
        "jwks_uri": f"{issuer.rstrip('/')}/.well-known/jwks.json",
        "response_types_supported": [],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [verification_keys.ALGORITHM],
    }
    return _cacheable(document)


def _cacheable(document: dict[str, Any]) -> Response:
    return answer(200, document, headers={"Cache-Control": "public, max-age=300"})
