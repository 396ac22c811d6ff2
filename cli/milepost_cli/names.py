"""When two texts are the same name, however their programs write accents, blanks and capitals."""

import unicodedata


def one_line(text: str) -> str:
    """Return the text in NFC on one line: every run of white space, line breaks too, is one blank."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def prose(text: str) -> str:
    """Return the text in NFC, without white space around it, its line breaks as `\\n`."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").strip())


def folded(text: str) -> str:
    """Return what two texts have in common that are the same name."""
    return unicodedata.normalize("NFC", one_line(text).casefold())
