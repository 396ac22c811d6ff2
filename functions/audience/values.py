"""The values of a lead as they are kept: texts in NFC, addresses and numbers in one spelling.

Pure. Every function raises ValueError, whose text says what the value must be.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

MOST_METADATA_BYTES: Final = 16 * 1024
DEEPEST: Final = 4
LARGEST: Final = 2**53 - 1

_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]")


def text(value: str) -> str:
    """Return one line of text in NFC, without blanks around it."""
    if _CONTROLS.search(value):
        raise ValueError("must not have control characters")
    return unicodedata.normalize("NFC", _whole(value)).strip()


def passage(value: str) -> str:
    """Return a text of any length and any number of lines in NFC."""
    return unicodedata.normalize("NFC", _whole(value))


def email(value: str) -> str:
    """Return an e-mail address in lower case and NFC. The DNS is not asked."""
    # Imported where an address comes in: no read waits for it on a cold start.
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

    try:
        usual = validate_email(text(value), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError("must be an e-mail address") from error
    return unicodedata.normalize("NFC", usual.lower())


def phone(value: str, *, region: str | None) -> str:
    """Return a telephone number in E.164; one without a country code is a number of the region."""
    import phonenumbers  # noqa: PLC0415 - as above

    try:
        number = phonenumbers.parse(text(value), region)
    except phonenumbers.NumberParseException as error:
        code = "" if region else ", with the code of its country"
        raise ValueError(f"must be a telephone number{code}") from error
    if number.extension or not phonenumbers.is_valid_number(number):
        raise ValueError("must be a telephone number that can exist, without an extension")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def metadata(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return metadata with all texts in NFC."""
    found: dict[str, Any] = _normal(value, 1)
    return found


def packed(value: Mapping[str, Any]) -> str:
    """Return metadata as they are stored."""
    packed_text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if len(packed_text.encode()) > MOST_METADATA_BYTES:
        raise ValueError("must have 16 KB at most")
    return packed_text


def _normal(value: Any, level: int) -> Any:
    """Return a value of JSON with all texts in NFC; `level` is how deep it is, from 1 on."""
    if isinstance(value, dict | list) and level > DEEPEST:
        raise ValueError(f"must not be deeper than {DEEPEST} levels")
    if isinstance(value, dict):
        return {_normal(name, level): _normal(each, level + 1) for name, each in value.items()}
    if isinstance(value, list):
        return [_normal(each, level + 1) for each in value]
    if isinstance(value, str):
        return passage(value)
    # Written so that NaN, which is in no range, is refused too.
    if isinstance(value, int | float) and not -LARGEST <= value <= LARGEST:
        raise ValueError("must have numbers from -(2^53 - 1) to 2^53 - 1 only")
    return value


def _whole(value: str) -> str:
    """Return a text that can be stored."""
    if "\x00" in value:
        raise ValueError("must not have NUL characters")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError("must not have halves of characters") from error
    return value
