"""Secrets of the stage, from Secrets Manager: read when they are first needed and kept as long as the instance lives.

Whoever stores something made with a secret stores the version's name with it, so that a new version of the secret
leaves what the one before has made good for as long as Secrets Manager keeps it.
"""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, cast

from shared.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


_REFUSED = "A secret of the stage did not answer in time; repeat the request."
_ABSENT_CODES = frozenset({"ResourceNotFoundException", "InvalidRequestException"})


class SecretAbsent(Unavailable):
    """503: Secrets Manager does not have the secret, or not this version; to repeat the request is of no use."""

    code = "Unavailable"


class Version(NamedTuple):
    """A version of a secret."""

    name: str
    value: bytes

    def __repr__(self) -> str:
        return f"Version({self.name})"


class StageSecret:
    """One secret; `arn` is asked for when the secret is read."""

    def __init__(self, arn: Callable[[], str]) -> None:
        self._arn = arn
        self._known: dict[str, Version] = {}
        self._current: Version | None = None

    def current(self) -> Version:
        """Return the version to make new things with. Raises SecretAbsent, Unavailable."""
        if self._current is None:
            self._current = self._read()
        return self._current

    def of(self, name: str) -> Version:
        """Return the version of this name. Raises SecretAbsent, Unavailable."""
        return self._known.get(name) or self._read(name)

    def renewed(self) -> Version:
        """Return the version to make new things with as it is now, read anew. Raises Unavailable."""
        self._current = None
        return self.current()

    def forget(self) -> None:
        """Let go of what was read, and of the way there."""
        self._known.clear()
        self._current = None
        _client.cache_clear()

    def _read(self, name: str | None = None) -> Version:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - for a cold start, as below

        asked = {} if name is None else {"VersionId": name}
        try:
            answer = _client().get_secret_value(SecretId=self._arn(), **asked)
        except ClientError as error:
            refusal = SecretAbsent if error.response["Error"]["Code"] in _ABSENT_CODES else Unavailable
            raise refusal(_REFUSED) from error
        except BotoCoreError as error:
            raise Unavailable(_REFUSED) from error
        version = Version(answer["VersionId"], answer["SecretString"].encode())
        self._known[version.name] = version
        return version


@functools.cache
def _client() -> "SecretsManagerClient":
    # Most requests need no secret, and botocore is most of a cold start.
    from botocore import session  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    retries = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})
    return cast("SecretsManagerClient", session.get_session().create_client("secretsmanager", config=retries))
