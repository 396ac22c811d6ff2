"""The IBAN that is among the lines of a bank (ISO 13616). Pure."""

import re
from collections.abc import Iterable
from typing import Final

_CANDIDATE: Final = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}(?![A-Z0-9])")


def iban(bank_lines: Iterable[str]) -> str | None:
    """Return the first IBAN of lines, without blanks; None if there is none whose check digits are right."""
    found = (each[0].replace(" ", "") for line in bank_lines for each in _CANDIDATE.finditer(line))
    return next(filter(_is_right, found), None)


def _is_right(candidate: str) -> bool:
    digits = "".join(str(int(each, 36)) for each in candidate[4:] + candidate[:4])
    return int(digits) % 97 == 1
