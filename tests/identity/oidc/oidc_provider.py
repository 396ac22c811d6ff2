"""A provider of OpenID Connect: a real HTTP server on a free loopback port, with keys of its own.

It holds its clients to the rules: the exact redirect URI, PKCE with S256, the client's secret, each code once. What a
test wants it to do wrong is set on it: `claims`, `header` and `sign` change the id token, `said` takes the place of a
whole answer.
"""

import base64
import functools
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

CLIENT_ID = "milepost-at-the-provider"
CLIENT_SECRET = "a secret: with + and / in it"

Answer = tuple[int, dict[str, str], bytes]


@functools.cache
def _rsa_key() -> rsa.RSAPrivateKey:
    """Return one key for all providers: making one takes longer than a sign-in."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def json_answer(status: int, body: Any, **headers: str) -> Answer:
    return status, {"Content-Type": "application/json", **headers}, json.dumps(body).encode()


@dataclass
class Granted:
    """A code, and what it was given for."""

    query: dict[str, str]
    used: bool = False


@dataclass
class Provider:
    redirect_uri: str
    rsa_key: Any = field(default_factory=_rsa_key)
    ec_key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    issuer: str = ""
    algorithm: str = "RS256"
    discovery: dict[str, Any] = field(default_factory=dict)
    person: dict[str, Any] = field(
        default_factory=lambda: {
            "sub": "110169484474386276334",
            "email": "ada@example.com",
            "email_verified": True,
            "name": "Ada Lovelace",
        }
    )
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any], dict[str, Any]], str] | None = None
    said: dict[str, Answer | Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    codes: dict[str, Granted] = field(default_factory=dict)

    def __enter__(self) -> "Provider":
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def agrees(self, location: str) -> dict[str, str]:
        """Return the query that a browser is sent back with when its user agrees."""
        query = dict(parse_qsl(urlsplit(location).query, strict_parsing=True))
        assert location.startswith(f"{self.issuer}/authorize?")
        assert (query["client_id"], query["redirect_uri"]) == (CLIENT_ID, self.redirect_uri)
        assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = Granted(query)
        return {"state": query["state"], "code": code, "scope": query["scope"], "authuser": "0"}

    def jwks(self) -> dict[str, Any]:
        rsa_jwk = json.loads(RSAAlgorithm.to_jwk(self.rsa_key.public_key()))
        ec_jwk = json.loads(ECAlgorithm.to_jwk(self.ec_key.public_key()))
        for jwk, kid, algorithm in ((rsa_jwk, "rsa-1", "RS256"), (ec_jwk, "ec-1", "ES256")):
            jwk.pop("key_ops", None)
            jwk |= {"kid": kid, "use": "sig", "alg": algorithm}
        return {"keys": [rsa_jwk, ec_jwk]}

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        issued = {"iss": self.issuer, "aud": CLIENT_ID, "azp": CLIENT_ID, "iat": now, "exp": now + 3600, "nonce": nonce}
        claims = _changed({**issued, **self.person}, self.claims)
        kid, key = ("rsa-1", self.rsa_key) if self.algorithm == "RS256" else ("ec-1", self.ec_key)
        header = _changed({"alg": self.algorithm, "typ": "JWT", "kid": kid}, self.header)
        if self.sign is not None:
            return self.sign(header, claims)
        return jwt.encode(claims, key, algorithm=self.algorithm, headers=header)

    def answer(self, method: str, path: str, body: str, authorization: str) -> Answer:
        if (method, path) == ("GET", "/.well-known/openid-configuration"):
            return json_answer(200, {**self._discovery(), **self.discovery})
        if (method, path) == ("GET", "/keys"):
            return json_answer(200, self.jwks())
        if (method, path) == ("POST", "/token"):
            return self._token(dict(parse_qsl(body)), authorization)
        return json_answer(404, {"error": "not_found"})

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def _token(self, form: dict[str, str], authorization: str) -> Answer:
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode().split(":")
        if [unquote_plus(part) for part in pair] != [CLIENT_ID, CLIENT_SECRET]:
            return json_answer(401, {"error": "invalid_client"})
        granted = self.codes.get(form["code"])
        if granted is None or granted.used or form["redirect_uri"] != granted.query["redirect_uri"]:
            return json_answer(400, {"error": "invalid_grant"})
        granted.used = True
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != granted.query["code_challenge"]:
            return json_answer(400, {"error": "invalid_grant"})
        token = {"access_token": "theirs", "token_type": "Bearer", "id_token": self.id_token(granted.query["nonce"])}
        return json_answer(200, token)

    def _handler(provider) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the request inside
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._reply()

            def do_POST(self) -> None:
                self._reply()

            def _reply(self) -> None:
                path = urlsplit(self.path).path
                provider.asked.append(f"{self.command} {path}")
                body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
                said = provider.said.get(path)
                if callable(said):
                    said(self)
                    return
                authorization = self.headers.get("authorization", "")
                status, headers, content = said or provider.answer(self.command, path, body, authorization)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def _changed(content: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """None takes a member away."""
    return {name: value for name, value in (content | changes).items() if value is not None}


def location_with(location: str, **changes: str) -> str:
    """Return the address with other values in its query."""
    parts = urlsplit(location)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changes
    return parts._replace(query=urlencode(query)).geturl()
