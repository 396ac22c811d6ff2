"""Versions and entity tags (RFC 9110, section 13.1).

A change that is based on an older version is refused (`If-Match`); what a caller has already is not sent again
(`If-None-Match`).
"""

import re

from shared.errors import Malformed, Stale

_TAGS = re.compile(r'\s*(?:W/)?"[^"]*"(?:\s*,\s*(?:W/)?"[^"]*")*\s*')
_SEEN = re.compile(r'-[0-9a-f]+"$')


class VersionChanged(Stale):
    """412: the item is at another version than `If-Match` names. `ETag` has the current one; read the item again."""


def require(if_match: str | None, version: int) -> None:
    """Return when the header allows a change of this version; without a header everything is allowed.

    A tag names a version alone, as a change answers it, or with what was seen of it, as a GET does. Weak tags never
    match. Raises VersionChanged, or Malformed for what is not a list of entity tags.
    """
    if if_match is None or if_match.strip() == "*":
        return
    if not _TAGS.fullmatch(if_match):
        raise Malformed('If-Match: must be the ETag of an earlier answer, e.g. "3", or *.')
    if f'"{version}"' not in [_SEEN.sub('"', each.strip()) for each in if_match.split(",")]:
        raise VersionChanged(
            f"The item is at version {version} by now. Read it again and repeat the change.",
            headers={"ETag": f'"{version}"'},
        )


def tag(version: str, seen: str) -> str:
    """Return the entity tag of what is seen of an item at a version; of what has no version, "" is given."""
    return f'"{version}-{seen}"' if version else f'"{seen}"'


def is_known(if_none_match: str | None, etag: str) -> bool:
    """Tell whether the header names this entity tag; weak ones are equal to strong ones (RFC 9110, section 13.1.2)."""
    known = [each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")]
    return etag.removeprefix("W/") in known or known == ["*"]
