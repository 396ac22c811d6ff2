"""The GraphQL API of the stage, called by one of our own functions in the name of its role.

AppSync knows the role by the signature of the request (Signature Version 4, authorization type AWS_IAM), and lets it to
the fields that its policy names. People come by `shared/api/graphql.py`.
"""

import functools
import json
from collections.abc import Mapping
from typing import Any

from botocore import session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import HTTPClientError
from botocore.httpsession import URLLib3Session

from shared import config
from shared.errors import Unavailable

CONNECT_SECONDS, READ_SECONDS = 1, 5


def call(document: str, variables: Mapping[str, Any]) -> None:
    """Have an operation executed. Raises Unavailable when it was refused, or when it is not known whether it was."""
    url = config.graphql_url()
    body = json.dumps({"query": document, "variables": variables}).encode()
    request = AWSRequest(method="POST", url=url, data=body, headers={"Content-Type": "application/json"})
    _sign(request)
    try:
        answer = _connections().send(request.prepare())
    except HTTPClientError as error:
        raise Unavailable("The GraphQL API did not answer in time.") from error
    # What GraphQL refuses has the status 200 and says so in `errors`.
    if answer.status_code != 200 or "errors" in json.loads(answer.content):
        raise Unavailable(f"The GraphQL API answered {answer.status_code}: {answer.text[:500]}")


def _sign(request: AWSRequest) -> None:
    credentials = _session().get_credentials()
    if credentials is None:
        raise Unavailable("There are no credentials to sign with.")
    SigV4Auth(credentials, "appsync", _session().get_config_variable("region")).add_auth(request)


@functools.cache
def _session() -> session.Session:
    return session.get_session()


@functools.cache
def _connections() -> URLLib3Session:
    # botocore's own type says one number, its code takes one for each.
    timeout: Any = (CONNECT_SECONDS, READ_SECONDS)
    return URLLib3Session(timeout=timeout)
