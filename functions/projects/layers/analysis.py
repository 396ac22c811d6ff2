"""What a program finds in the evidence under review: findings for each piece, and a score. Pure, so always the same."""

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple, Protocol

from shared.instants import DAY, Instant, to_rfc3339

Code = Literal["not_verified", "not_a_file", "expires_soon", "for_nothing"]

SOON_DAYS: Final = 30


class Piece(Protocol):
    """A piece of evidence, as far as checks look at it."""

    @property
    def evidence_id(self) -> str:
        """Its id."""

    @property
    def kind(self) -> str:
        """`file` or `link`."""

    @property
    def status(self) -> str:
        """`uploaded`, `submitted` or `verified`."""

    @property
    def requirement(self) -> str | None:
        """The key of the wanted evidence that it is for."""

    @property
    def media_type(self) -> str | None:
        """That of a file."""

    @property
    def sha256(self) -> str | None:
        """The hash of a file, which its bytes were compared with."""

    @property
    def expires_at(self) -> str | None:
        """When it expires."""


class Finding(NamedTuple):
    """What may be wrong with a piece of evidence."""

    evidence_id: str
    code: Code


class Analysis(NamedTuple):
    """`score`: 0 to 100, the share of the pieces of which nothing was found; 0 without evidence."""

    score: int
    findings: list[Finding]


def analysed(pieces: Sequence[Piece], *, wants_some: bool, now: Instant) -> Analysis:
    """Return what is found in evidence; `wants_some`: the milestone says which evidence it wants."""
    findings = [Finding(each.evidence_id, code) for each in pieces for code in _codes(each, now, wants_some=wants_some)]
    sound = len(pieces) - len({each.evidence_id for each in findings})
    return Analysis(100 * sound // len(pieces) if pieces else 0, findings)


def expires_within(piece: Piece, days: int, now: Instant) -> bool:
    """Return whether a piece expires within so many days of 24 hours."""
    return piece.expires_at is not None and piece.expires_at <= to_rfc3339(now + days * DAY)


def _codes(piece: Piece, now: Instant, *, wants_some: bool) -> list[Code]:
    found: list[tuple[Code, bool]] = [
        ("not_verified", piece.status != "verified"),
        ("not_a_file", piece.kind != "file"),
        ("expires_soon", expires_within(piece, SOON_DAYS, now)),
        ("for_nothing", wants_some and piece.requirement is None),
    ]
    return [code for code, is_so in found if is_so]
