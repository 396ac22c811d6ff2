"""Access tokens that are forged in one manner each."""

import json
import time
from collections.abc import Callable
from typing import Any

from tests.identity.access_tokens.issuer import Issuer, der, encoded, mac, part, raw

NOBODYS = "A" * 43
DEEP = b'{"kid":' + b"[" * 1200 + b"]" * 1200 + b"}"
Forgery = Callable[[Issuer], str]


def _soon(seconds: int) -> int:
    return int(time.time()) + seconds


def _written(content: dict[str, Any]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


def _swap_payload(issuer: Issuer) -> str:
    header, _, signature = issuer.token().split(".")
    return f"{header}.{part(issuer.claims(roles=['admin']))}.{signature}"


def _not_canonical(issuer: Issuer) -> str:
    """The same 64 bytes, spelled with other spare bits in the last letter."""
    token = issuer.token()
    return token[:-1] + {"A": "B", "Q": "R", "g": "h", "w": "x"}[token[-1]]


FORGERIES: dict[str, Forgery] = {
    "alg none, unsigned": lambda i: i.token(header=i.header(alg="none"), sign=lambda _: b""),
    "alg none, signed": lambda i: i.token(header=i.header(alg="none")),
    "alg nOnE, unsigned": lambda i: i.token(header=i.header(alg="nOnE"), sign=lambda _: b""),
    "alg none, a magic third part": lambda i: i.token(header=i.header(alg="none"), sign=lambda _: b"\0" * 64),
    "alg missing": lambda i: i.token(header=i.header(alg=None)),
    "alg RS256": lambda i: i.token(header=i.header(alg="RS256")),
    "HS256 with the public key": lambda i: i.token(header=i.header(alg="HS256"), sign=mac(i.public_pem, "sha256")),
    "HS512 with the public key": lambda i: i.token(header=i.header(alg="HS512"), sign=mac(i.public_pem, "sha512")),
    "ES256 said, HMAC with the public key": lambda i: i.token(sign=mac(i.public_pem, "sha512")),
    "another key under this kid": lambda i: i.token(sign=raw(Issuer().key)),
    "another key and its own kid": lambda i: Issuer(user_id=i.user_id, tenant_id=i.tenant_id).token(),
    "signature of r=s=0": lambda i: i.token(sign=lambda _: b"\0" * 64),
    "payload swapped": _swap_payload,
    "signature cut off": lambda i: i.token()[:-4],
    "signature missing": lambda i: i.token().rpartition(".")[0] + ".",
    "signature as DER": lambda i: i.token(sign=der(i.key)),
    "signature spelled otherwise": _not_canonical,
    "typ missing": lambda i: i.token(header=i.header(typ=None)),
    "typ of an ID token": lambda i: i.token(header=i.header(typ="JWT")),
    "kid missing": lambda i: i.token(header=i.header(kid=None)),
    "kid of nobody": lambda i: i.token(header=i.header(kid=NOBODYS)),
    "kid as a path": lambda i: i.token(header=i.header(kid="../../../../../../dev/null")),
    "kid as a key of the table": lambda i: i.token(header=i.header(kid=f"KEY#{i.kid}")),
    "kid with a line feed": lambda i: i.token(header=i.header(kid=f"{i.kid}\n")),
    "kid as a list": lambda i: i.token(header=i.header(kid=[i.kid])),
    "jku": lambda i: i.token(header=i.header(jku="https://attacker.example/jwks.json")),
    "x5u": lambda i: i.token(header=i.header(x5u="https://attacker.example/chain.pem")),
    "x5c": lambda i: i.token(header=i.header(x5c=["MIIB"])),
    "jwk": lambda i: i.token(header=i.header(jwk=i.jwk)),
    "crit": lambda i: i.token(header=i.header(crit=["exp"])),
    "crit b64": lambda i: i.token(header=i.header(crit=["b64"], b64=False)),
    "zip": lambda i: i.token(header=i.header(zip="DEF")),
    "header with a space": lambda i: i.token(header=json.dumps(i.header()).encode()),
    "header in UTF-16": lambda i: i.token(header=json.dumps(i.header()).encode("utf-16")),
    "header with a byte order mark": lambda i: i.token(header=b"\xef\xbb\xbf" + _written(i.header())),
    "alg twice": lambda i: i.token(header=b'{"alg":"none",' + _written(i.header())[1:]),
    "payload in UTF-16": lambda i: i.token(claims=json.dumps(i.claims()).encode("utf-16")),
    "payload in UTF-32": lambda i: i.token(claims=json.dumps(i.claims()).encode("utf-32")),
    "header no JSON": lambda i: i.token(header=b"{alg"),
    "header no object": lambda i: i.token(header=["ES256", "at+jwt"]),
    "header no UTF-8": lambda i: i.token(header=b"\xff\xfe"),
    "header as long as no bytes are": lambda i: "AAAAA." + i.token().partition(".")[2],
    "header nested too deep": lambda i: i.token(header=DEEP),
    "payload no JSON": lambda i: i.token(claims=b"{sub"),
    "payload no object": lambda i: i.token(claims=["sub"]),
    "iss missing": lambda i: i.token(claims=i.claims(iss=None)),
    "iss of somebody else": lambda i: i.token(claims=i.claims(iss="https://attacker.example")),
    "iss with a slash more": lambda i: i.token(claims=i.claims(iss=i.claims()["iss"] + "/")),
    "aud missing": lambda i: i.token(claims=i.claims(aud=None)),
    "aud of another API": lambda i: i.token(claims=i.claims(aud="another-api")),
    "aud a list with ours": lambda i: i.token(claims=i.claims(aud=[i.claims()["aud"], "another-api"])),
    "exp missing": lambda i: i.token(claims=i.claims(exp=None)),
    "exp as text": lambda i: i.token(claims=i.claims(exp="never")),
    "exp infinite": lambda i: i.token(claims=i.claims(exp=float("inf"))),
    "expired": lambda i: i.token(claims=i.claims(iat=_soon(-1000), exp=_soon(-100))),
    "iat missing": lambda i: i.token(claims=i.claims(iat=None)),
    "iat in the future": lambda i: i.token(claims=i.claims(iat=_soon(120))),
    "nbf in the future": lambda i: i.token(claims=i.claims(nbf=_soon(120))),
    "sub missing": lambda i: i.token(claims=i.claims(sub=None)),
    "sub a number": lambda i: i.token(claims=i.claims(sub=1)),
    "sub that reaches into other keys": lambda i: i.token(claims=i.claims(sub="user_1#GOAL")),
    "tid missing": lambda i: i.token(claims=i.claims(tid=None)),
    "tid that reaches into other keys": lambda i: i.token(claims=i.claims(tid="tenant_1#MEMBER")),
    "sid missing": lambda i: i.token(claims=i.claims(sid=None)),
    "sid that reaches into other keys": lambda i: i.token(claims=i.claims(sid="session_1#SPENT")),
    "jti missing": lambda i: i.token(claims=i.claims(jti=None)),
    "epoch missing": lambda i: i.token(claims=i.claims(epoch=None)),
    "epoch as text": lambda i: i.token(claims=i.claims(epoch="0")),
    "epoch of the future": lambda i: i.token(claims=i.claims(epoch=1)),
    "roles missing": lambda i: i.token(claims=i.claims(roles=None)),
    "scope missing": lambda i: i.token(claims=i.claims(scope=None)),
    "auth_time as text": lambda i: i.token(claims=i.claims(auth_time="now")),
    "oversize": lambda i: i.token(claims=i.claims(jti="j" * 4000)),
    "four parts": lambda i: i.token() + ".AAAA",
    "two parts": lambda i: i.token().rpartition(".")[0],
    "twice in one header": lambda i: f"{i.token()}, Bearer {i.token()}",
    "twice, joined by a comma": lambda i: f"{i.token()},{i.token()}",
    "with a line feed": lambda i: i.token() + "\n",
    "not ASCII": lambda i: "é" + i.token(),
    "half a surrogate": lambda i: i.token() + "\ud800",
    "no token": lambda _: "x",
    "empty": lambda _: "",
    "padded": lambda i: i.token() + "==",
    "an opaque secret": lambda _: encoded(b"s" * 32),
}
