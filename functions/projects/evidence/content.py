"""Whether the bytes of a file are what its media type says. Pure.

A file is looked at from its first byte on: what is two types at once, such as a page that is also a PDF, is neither.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Final

from functions.projects.evidence.media_type import PARTS_OF_OFFICE

# What a broken or forged archive lets the library raise.
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError)
_MOST_ENTRIES: Final = 10_000
_MOST_OF_A_LIST: Final = 1024 * 1024
_TYPES: Final = "[Content_Types].xml"
_MACROS: Final = ("vbaproject.bin", "vbadata.xml")
_MARKED: Final = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"<head", b"<body", b"<iframe")
_END_OF_ARCHIVE: Final = 22
_BLANKS_OF_PDF: Final = b"\0\t\n\f\r "
_SYNC_OF_MP3: Final = 0xE0


def is_of(media_type: str, body: bytes) -> bool:
    """Return whether the bytes are of a media type that is accepted; of a video the first of them are enough."""
    if media_type in PARTS_OF_OFFICE:
        return _is_office(PARTS_OF_OFFICE[media_type], body)
    return _LOOKS[media_type](body)


def _is_pdf(body: bytes) -> bool:
    return body.startswith(b"%PDF-") and body.rstrip(_BLANKS_OF_PDF).endswith(b"%%EOF")


def _is_gif(body: bytes) -> bool:
    return body.startswith((b"GIF87a", b"GIF89a"))


def _is_png(body: bytes) -> bool:
    return body.startswith(b"\x89PNG\r\n\x1a\n") and body[12:16] == b"IHDR"


def _is_jpeg(body: bytes) -> bool:
    return body.startswith(b"\xff\xd8\xff")


def _is_webp(body: bytes) -> bool:
    return body.startswith(b"RIFF") and body[8:12] == b"WEBP"


def _is_wav(body: bytes) -> bool:
    return body.startswith(b"RIFF") and body[8:12] == b"WAVE"


def _is_mp4(body: bytes) -> bool:
    return body[4:8] == b"ftyp"


def _is_mp3(body: bytes) -> bool:
    return body.startswith(b"ID3") or (len(body) > 1 and body[0] == 0xFF and body[1] & _SYNC_OF_MP3 == _SYNC_OF_MP3)


def _is_text(body: bytes) -> bool:
    """Return whether it is UTF-8 without NUL, and no markup that a browser might run."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return "\0" not in text and not text.lstrip().lower().encode().startswith(_MARKED)


def _is_zip(body: bytes) -> bool:
    return _names(body) is not None


def _is_office(part: str, body: bytes) -> bool:
    """Return whether it is a document of an office, with its main part and without macros."""
    names = _names(body)
    if names is None or _TYPES not in names or not any(each.startswith(part) for each in names):
        return False
    if any(each.lower().endswith(_MACROS) for each in names):
        return False
    listed = _list_of_types(body)
    return listed is not None and b"macroenabled" not in listed.lower()


def _names(body: bytes) -> list[str] | None:
    """Return the names in an archive, None for what is none, or has more than anybody puts into one."""
    if not body.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None
    end = body.rfind(b"PK\x05\x06")
    if (
        end < 0
        or len(body) - end < _END_OF_ARCHIVE
        or int.from_bytes(body[end + 10 : end + 12], "little") > _MOST_ENTRIES
    ):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return archive.namelist()
    except _BROKEN:
        return None


def _list_of_types(body: bytes) -> bytes | None:
    """Return the list of content types of a document, None if it cannot be read or unpacks to more than a megabyte."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive, archive.open(_TYPES) as listed:
            found = listed.read(_MOST_OF_A_LIST + 1)
    except _BROKEN:
        return None
    return found if len(found) <= _MOST_OF_A_LIST else None


_LOOKS: Final[Mapping[str, Callable[[bytes], bool]]] = {
    "application/pdf": _is_pdf,
    "image/png": _is_png,
    "image/jpeg": _is_jpeg,
    "image/gif": _is_gif,
    "image/webp": _is_webp,
    "video/mp4": _is_mp4,
    "audio/mpeg": _is_mp3,
    "audio/wav": _is_wav,
    "text/plain": _is_text,
    "text/csv": _is_text,
    "application/zip": _is_zip,
}
