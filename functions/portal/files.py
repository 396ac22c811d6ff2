"""The files that the portal serves: the docs page with its assets, and the API document.

They do not change while a function lives, so each is read once, compressed once and known by its content. Only what
is named here is served; a path of the request never becomes a path on the disk.
"""

import functools
import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent

_JAVASCRIPT = "text/javascript; charset=utf-8"
_STYLESHEET = "text/css; charset=utf-8"
_SWAGGER_UI = {"swagger-ui-bundle.min.js": _JAVASCRIPT, "swagger-ui.min.css": _STYLESHEET}
_ALWAYS_ASKED_FOR = "no-cache"
_KEPT_AN_HOUR = "public, max-age=3600"


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a file in one encoding, and the `ETag` of exactly these bytes."""

    body: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is, and compressed with gzip."""

    media_type: str
    cache_control: str
    plain: Content
    compressed: Content


@functools.cache
def page() -> File:
    """Return the docs page."""
    return _from_plain((FOLDER / "docs.html").read_bytes(), "text/html; charset=utf-8", _ALWAYS_ASKED_FOR)


@functools.cache
def document() -> File:
    """Return the API document: the one of the bundle, else that of the checkout."""
    bundled = FOLDER / "openapi.json"
    path = bundled if bundled.exists() else FOLDER.parents[1] / "docs" / "openapi.json"
    return _from_plain(path.read_bytes(), "application/json", _ALWAYS_ASKED_FOR)


@functools.cache
def asset(name: str) -> File | None:
    """Return what the docs page needs under this name, None when it needs no such thing.

    Swagger UI comes compressed and only with the bundle (`infra/bundle.py`); in a checkout there is none of it.
    """
    if name == "start.js":
        return _from_plain((FOLDER / name).read_bytes(), _JAVASCRIPT, _KEPT_AN_HOUR)
    path = FOLDER / "assets" / f"{name}.gz"
    if name not in _SWAGGER_UI or not path.exists():
        return None
    compressed = path.read_bytes()
    return _file(gzip.decompress(compressed), compressed, _SWAGGER_UI[name], _KEPT_AN_HOUR)


def _from_plain(plain: bytes, media_type: str, cache_control: str) -> File:
    return _file(plain, gzip.compress(plain, mtime=0), media_type, cache_control)


def _file(plain: bytes, compressed: bytes, media_type: str, cache_control: str) -> File:
    return File(media_type, cache_control, _content(plain), _content(compressed))


def _content(body: bytes) -> Content:
    return Content(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
