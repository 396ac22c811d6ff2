"""Which files are taken as evidence: their media types, the ends of their names, and how large they may be. Pure.

HTML and SVG are never taken: a browser would run what is in them.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

_MEGABYTE: Final = 1024 * 1024
SMALL: Final = 10 * _MEGABYTE
"""What is no larger is read whole; videos may be larger."""
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"


class MediaType(NamedTuple):
    """What is asked of a file: how its name ends, and how many bytes it has at most."""

    endings: Sequence[str]
    most_bytes: int = SMALL


ACCEPTED: Final[Mapping[str, MediaType]] = {
    "application/pdf": MediaType((".pdf",)),
    f"{_OFFICE}.wordprocessingml.document": MediaType((".docx",)),
    f"{_OFFICE}.spreadsheetml.sheet": MediaType((".xlsx",)),
    f"{_OFFICE}.presentationml.presentation": MediaType((".pptx",)),
    "image/png": MediaType((".png",)),
    "image/jpeg": MediaType((".jpg", ".jpeg")),
    "image/gif": MediaType((".gif",)),
    "image/webp": MediaType((".webp",)),
    "video/mp4": MediaType((".mp4",), 100 * _MEGABYTE),
    "audio/mpeg": MediaType((".mp3",)),
    "audio/wav": MediaType((".wav",)),
    "text/plain": MediaType((".txt",)),
    "text/csv": MediaType((".csv",)),
    "application/zip": MediaType((".zip",)),
}
PARTS_OF_OFFICE: Final[Mapping[str, str]] = {
    f"{_OFFICE}.wordprocessingml.document": "word/",
    f"{_OFFICE}.spreadsheetml.sheet": "xl/",
    f"{_OFFICE}.presentationml.presentation": "ppt/",
}
"""Where a document of an office keeps its main part."""


def is_small(media_type: str) -> bool:
    """Return whether files of a type are read whole."""
    return ACCEPTED[media_type].most_bytes <= SMALL
