"""The files that the portal serves: the dashboard, the pages behind links, the landing answer, and the docs.

They do not change while a function lives, so each is read once, compressed once and known by its content. Only what
is named here is served; a path of the request never becomes a path on the disk.
"""

import functools
import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent

_PAGE = "text/html; charset=utf-8"
_JAVASCRIPT = "text/javascript; charset=utf-8"
_JSON = "application/json"
_STYLESHEET = "text/css; charset=utf-8"
_SWAGGER_UI = {"swagger-ui-bundle.min.js": _JAVASCRIPT, "swagger-ui.min.css": _STYLESHEET}
_MEDIA_TYPES = {".js": _JAVASCRIPT, ".css": _STYLESHEET}
_COMMENT = re.compile(rb"^[ \t]*(?://[^\n]*|/\*.*?\*/[ \t]*)$", re.MULTILINE | re.DOTALL)
_TEXT = rb'"(?:[^"\\\n]|\\.)*"'
_UNREAD = rb"[`'/].*"
_BLANKS = re.compile(rb"(" + _TEXT + rb"|" + _UNREAD + rb")|^ +| ?([{}(),;:=<>?&|\[\]]) ?", re.MULTILINE)
_ALWAYS_ASKED_FOR = "no-cache"
_KEPT_AN_HOUR = "public, max-age=3600"
_KEPT_FOR_EVER = "public, max-age=31536000, immutable"


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
def dashboard() -> File:
    """Return the page of the dashboard, in which each asset has the version of all of them in its address.

    So a browser keeps what it has for ever, and never puts together a page of two versions.
    """
    return _page("dashboard")


@functools.cache
def review() -> File:
    """Return the page behind a review link; its style is that of the dashboard."""
    return _page("review")


@functools.cache
def probe() -> File:
    """Return the page behind a link that answers a probe; its style is that of the dashboard."""
    return _page("probe")


@functools.cache
def link_script(name: str) -> File:
    """Return a module of the pages behind links, by its name in the checkout."""
    return _from_plain((FOLDER / name).read_bytes(), _JAVASCRIPT, _ALWAYS_ASKED_FOR)


@functools.cache
def dashboard_asset(path: str) -> File | None:
    """Return what the page of the dashboard needs under this `<version>/<name>`, None when it needs no such thing.

    While two versions are deployed side by side one of them may be asked for what is the other's: that is not kept.
    """
    asked_for, _, name = path.partition("/")
    if name not in _dashboard_assets():
        return None
    keeping = _KEPT_FOR_EVER if asked_for == version() else _ALWAYS_ASKED_FOR
    return _from_plain(_dashboard_assets()[name], _MEDIA_TYPES[Path(name).suffix], keeping)


@functools.cache
def version() -> str:
    """Return what the assets of the dashboard are known by: another one as soon as any of them is another."""
    named = (f"{name}\0".encode() + content for name, content in _dashboard_assets().items())
    return hashlib.sha256(b"\0".join(named)).hexdigest()[:12]


@functools.cache
def _dashboard_assets() -> dict[str, bytes]:
    folder = FOLDER / "dashboard"
    found = sorted(path for path in folder.rglob("*") if path.suffix in _MEDIA_TYPES)
    return {path.relative_to(folder).as_posix(): _as_sent(path) for path in found}


def _as_sent(path: Path) -> bytes:
    """Return a module or a style sheet without its comments, a sixth of what would be sent, each line where it was.

    A comment begins a line and ends one; a comment beside code stays. Of modules the blanks go as well that mean
    nothing, up to the first template, division or regular expression of each line, and outside of texts; none of these
    goes over several lines.
    """
    source = _COMMENT.sub(lambda found: b"\n" * found[0].count(b"\n"), path.read_bytes())
    if path.suffix != ".js":
        return source
    return _BLANKS.sub(lambda found: found[1] or found[2] or b"", source)


@functools.cache
def landing() -> File:
    """Return the landing answer of the API."""
    return _from_plain((FOLDER / "landing.json").read_bytes(), _JSON, _ALWAYS_ASKED_FOR)


@functools.cache
def page() -> File:
    """Return the docs page."""
    return _from_plain((FOLDER / "docs.html").read_bytes(), _PAGE, _ALWAYS_ASKED_FOR)


@functools.cache
def document() -> File:
    """Return the API document: the one of the bundle, else that of the checkout."""
    bundled = FOLDER / "openapi.json"
    path = bundled if bundled.exists() else FOLDER.parents[1] / "docs" / "openapi.json"
    return _from_plain(path.read_bytes(), _JSON, _ALWAYS_ASKED_FOR)


@functools.cache
def asset(name: str) -> File | None:
    """Return what the docs page needs under this name, None when it needs no such thing.

    Swagger UI comes compressed and only with the bundle (`infra/bundling/bundle.py`); a checkout has none of it.
    """
    if name == "start.js":
        return _from_plain((FOLDER / name).read_bytes(), _JAVASCRIPT, _KEPT_AN_HOUR)
    path = FOLDER / "assets" / f"{name}.gz"
    if name not in _SWAGGER_UI or not path.exists():
        return None
    compressed = path.read_bytes()
    return _file(gzip.decompress(compressed), compressed, _SWAGGER_UI[name], _KEPT_AN_HOUR)


def _page(folder: str) -> File:
    plain = (FOLDER / folder / "index.html").read_bytes()
    return _from_plain(plain.replace(b'"dashboard/', f'"dashboard/{version()}/'.encode()), _PAGE, _ALWAYS_ASKED_FOR)


def _from_plain(plain: bytes, media_type: str, cache_control: str) -> File:
    return _file(plain, gzip.compress(plain, mtime=0), media_type, cache_control)


def _file(plain: bytes, compressed: bytes, media_type: str, cache_control: str) -> File:
    return File(media_type, cache_control, _content(plain), _content(compressed))


def _content(body: bytes) -> Content:
    return Content(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
