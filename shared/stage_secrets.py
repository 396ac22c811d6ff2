"""Secrets of the stage, from Secrets Manager: read when they are first needed and kept as long as the instance lives.

Whoever stores something made with a secret stores the version's name with it, so that a new version of the secret
leaves what the one before has made good for as long as Secrets Manager keeps it.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from shared.aws.client import SECRETS_MANAGER, AwsRefused, Client, Limits, NoAnswer, NoCredentials
from shared.errors import Unavailable

_CLIENT: Final = Client(SECRETS_MANAGER, Limits(connect_seconds=1, answer_seconds=3))
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
        """Let go of what was read."""
        self._known.clear()
        self._current = None

    def _read(self, name: str | None = None) -> Version:
        asked = {"SecretId": self._arn()} if name is None else {"SecretId": self._arn(), "VersionId": name}
        try:
            answer = _CLIENT.call("GetSecretValue", asked)
        except AwsRefused as error:
            refusal = SecretAbsent if error.code in _ABSENT_CODES else Unavailable
            raise refusal(_REFUSED) from error
        except (NoAnswer, NoCredentials) as error:
            raise Unavailable(_REFUSED) from error
        version = Version(answer["VersionId"], answer["SecretString"].encode())
        self._known[version.name] = version
        return version
