"""What the public key set and discovery answer."""

from pydantic import BaseModel

from functions.identity.shapes import answered


class Jwk(BaseModel):
    """A public key (RFC 7517)."""

    kty: str
    crv: str
    x: str
    y: str
    kid: str
    use: str
    alg: str


class Jwks(BaseModel):
    """The public keys that verify access tokens."""

    # The example key of RFC 7517, appendix A.1.
    model_config = answered(
        {
            "keys": [
                {
                    "kty": "EC",
                    "crv": "P-256",
                    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
                    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
                    "kid": "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
                    "use": "sig",
                    "alg": "ES256",
                }
            ]
        }
    )

    keys: list[Jwk]


class Discovery(BaseModel):
    """Where the keys are and what they sign with. There is no authorization endpoint: sign in at /api/v1/auth/login."""

    model_config = answered(
        {
            "issuer": "https://api.example.com",
            "jwks_uri": "https://api.example.com/.well-known/jwks.json",
            "response_types_supported": [],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        }
    )

    issuer: str
    jwks_uri: str
    response_types_supported: list[str]
    subject_types_supported: list[str]
    id_token_signing_alg_values_supported: list[str]
