"""Versions and entity tags (RFC 9110, section 13.1).

A change that is based on an older version is refused (`If-Match`); what a caller has already is not sent again
(`If-None-Match`).
"""

import re

from shared.errors import Malformed, Stale

_TAGS = re.compile(r'\s*(?:W/)?"[^"]*"(?:\s*,\s*(?:W/)?"[^"]*")*\s*')


class VersionChanged(Stale):
    """412: the item is at another version than `If-Match` names. `ETag` has the current one; read the item again."""


def require(if_match: str | None, version: int) -> None:
    """Return when the header allows a change of this version; without a header everything is allowed.

    Weak tags never match. Raises VersionChanged, or Malformed for what is not a list of entity tags.
    """
    if if_match is None or if_match.strip() == "*":
        return
    if not _TAGS.fullmatch(if_match):
        raise Malformed('If-Match: must be the ETag of an earlier answer, e.g. "3", or *.')
    if f'"{version}"' not in [tag.strip() for tag in if_match.split(",")]:
        raise VersionChanged(
            f"The item is at version {version} by now. Read it again and repeat the change.",
            headers={"ETag": f'"{version}"'},
        )


def is_known(if_none_match: str | None, etag: str) -> bool:
    """Tell whether the header names this entity tag; weak ones do too (RFC 9110, section 13.1.2)."""
    known = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return etag in known or known == ["*"]
