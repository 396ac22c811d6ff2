"""Signature Version 4 of a request: of AWS's JSON protocols a POST to `/`, of OpenSearch one to a path of its own.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import functools
import hashlib
import hmac
from collections.abc import Mapping

_ALGORITHM = "AWS4-HMAC-SHA256"
_END = "aws4_request"


def authorization(
    headers: Mapping[str, str],
    body: bytes,
    *,
    access_key_id: str,
    secret: str,
    region: str,
    service: str,
    method: str = "POST",
    path: str = "/",
    query: str = "",
) -> str:
    """Return the `Authorization` header of a request with these headers, all of which are signed.

    Header names are lower case; `host` and `x-amz-date` (`20261126T120000Z`) are among them. The path is encoded,
    the query holds nothing that would have to be, and its parameters are in the order of their names.
    """
    instant = headers["x-amz-date"]
    scope = f"{instant[:8]}/{region}/{service}/{_END}"
    names = sorted(headers)
    signed = ";".join(names)
    lines = "".join([f"{name}:{' '.join(headers[name].split())}\n" for name in names])
    request = f"{method}\n{path}\n{query}\n{lines}\n{signed}\n{hashlib.sha256(body).hexdigest()}"
    to_sign = f"{_ALGORITHM}\n{instant}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.digest(_key(secret, instant[:8], region, service), to_sign.encode(), "sha256").hex()
    return f"{_ALGORITHM} Credential={access_key_id}/{scope}, SignedHeaders={signed}, Signature={signature}"


# A process signs for a few services with one secret; the key changes with the day and with the secret.
@functools.lru_cache(maxsize=16)
def _key(secret: str, day: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, _END):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
