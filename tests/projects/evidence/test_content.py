"""Which bytes are of the type that was declared."""

import io
import zipfile

import pytest

from functions.projects.evidence import content
from functions.projects.evidence.media_type import ACCEPTED
from tests.projects.evidence.bringing import PDF

OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = f"{OFFICE}.wordprocessingml.document"
PLAIN_TYPES = b'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.main+xml"/></Types>'
MACRO_TYPES = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'


def archive(**names: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in names.items():
            made.writestr(name, body)
    return held.getvalue()


def document(main: str = "word/document.xml", types: bytes = PLAIN_TYPES, **more: bytes) -> bytes:
    return archive(**{"[Content_Types].xml": types, main: b"<document/>", **more})


GOOD = {
    "application/pdf": PDF,
    DOCX: document(),
    f"{OFFICE}.spreadsheetml.sheet": document("xl/workbook.xml"),
    f"{OFFICE}.presentationml.presentation": document("ppt/presentation.xml"),
    "image/png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "image/jpeg": b"\xff\xd8\xff\xe0JFIF",
    "image/gif": b"GIF89a",
    "image/webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    "video/mp4": b"\x00\x00\x00\x18ftypmp42",
    "audio/mpeg": b"ID3\x04",
    "audio/wav": b"RIFF\x00\x00\x00\x00WAVEfmt ",
    "text/plain": "Gemessen: 4 µm\n".encode(),
    "text/csv": b"\xef\xbb\xbfa;b\n1;2\n",
    "application/zip": archive(notes=b"text"),
}


def test_every_type_is_tried():
    assert GOOD.keys() == ACCEPTED.keys()


@pytest.mark.parametrize("media_type", GOOD)
def test_bytes_are_of_their_own_type_and_of_hardly_any_other(media_type: str):
    of = {each for each in ACCEPTED if content.is_of(each, GOOD[media_type])}

    texts = {"text/plain", "text/csv"}
    # A document of an office is an archive, and the shortest pictures and documents are text as well.
    also = {"application/zip"} if media_type.startswith(OFFICE) else texts if of & texts else set()
    assert of - also == {media_type} - also


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/pdf", b"MZ\x90\x00%PDF-1.7 %%EOF"),
        ("application/pdf", b"<html><script>alert(1)</script>%PDF-1.7\n%%EOF"),
        ("application/pdf", b"%PDF-1.7\n cut off"),
        ("application/pdf", PDF + b"\n<html><script>alert(1)</script>"),
        (DOCX, archive(notes=b"text")),
        (DOCX, document("xl/workbook.xml")),
        (DOCX, document(types=MACRO_TYPES)),
        (DOCX, document(**{"word/vbaProject.bin": b"macro"})),
        (DOCX, document(types=b"x" * (1024 * 1024 + 1))),
        (DOCX, document()[:-30]),
        (DOCX, b"PK\x03\x04" + b"PK\x05\x06" + bytes(18)),
        ("application/zip", b"PK\x03\x04 no archive"),
        ("application/zip", b"MZ" + archive(notes=b"text")),
        ("application/zip", b"PK\x03\x04" + b"PK\x05\x06" + b"\xff" * 18),
        ("text/csv", b"a,b\n1,\x002\n"),
        ("text/csv", b"a,b\n\xff\xfe\n"),
        ("text/plain", b"\n <!DOCTYPE html><script>alert(1)</script>"),
        ("text/plain", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("image/png", b"\x89PNG\r\n\x1a\n"),
        ("image/webp", b"RIFF\x00\x00\x00\x00WAVE"),
        ("video/mp4", b""),
        ("audio/mpeg", b"\xff"),
    ],
)
def test_other_bytes_are_not(media_type: str, body: bytes):
    assert not content.is_of(media_type, body)


@pytest.mark.parametrize("cut", range(0, 300, 7))
@pytest.mark.parametrize("media_type", [DOCX, "application/zip"])
def test_a_broken_archive_is_refused_and_breaks_nothing(media_type: str, cut: int):
    whole = document()
    broken = whole[:cut] + bytes([whole[cut % len(whole)] ^ 0xFF]) + whole[cut + 1 :]

    assert content.is_of(media_type, broken) in (True, False)


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b" \n\0"])
def test_blanks_may_follow_the_end_of_a_pdf(end: bytes):
    assert content.is_of("application/pdf", PDF.rstrip() + end)
