"""XML as UBL has it: elements in the order given, no document type, the same bytes each time. Pure."""

import re
from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element, tostring

from functions.payments.money import amounts

_NAMESPACE: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_ALLOWED: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(name: str, *children: Element | None) -> str:
    """Return a document whose root is an `Invoice` or a `CreditNote`."""
    root = Element(name, {"xmlns": f"{_NAMESPACE}{name}-2"})
    root.set("xmlns:cac", f"{_NAMESPACE}CommonAggregateComponents-2")
    root.set("xmlns:cbc", f"{_NAMESPACE}CommonBasicComponents-2")
    root.extend([each for each in children if each is not None])
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def group(name: str, *children: Element | None) -> Element:
    """Return an aggregate of those children that there are."""
    made = Element(f"cac:{name}")
    made.extend([each for each in children if each is not None])
    return made


def text(name: str, words: str, attributes: Mapping[str, str] | None = None) -> Element:
    """Return a basic component; what XML cannot have is shown as U+FFFD."""
    made = Element(f"cbc:{name}", dict(attributes or {}))
    made.text = _ALLOWED.sub("\ufffd", words)
    return made


def some(name: str, words: str | None) -> Element | None:
    """Return a basic component, None where there are no words."""
    return text(name, words) if words else None


def amount(name: str, minor_units: int, currency: str) -> Element:
    """Return an amount with the decimals of its currency: `-1234.50` of EUR, `1234` of JPY."""
    written = amounts.written(minor_units, currency).replace(",", "")
    return text(name, written, {"currencyID": currency})
