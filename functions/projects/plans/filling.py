"""Placeholders in the texts of a template, such as `{{site}}`, and what is put in their places. Pure."""

import re
from collections.abc import Mapping
from typing import Final

_PLACEHOLDER: Final = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")


def named(text: str) -> set[str]:
    """Return the parameters that a text names."""
    return set(_PLACEHOLDER.findall(text))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return the text with the values in place of their names; values are texts, whatever they look like."""
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)
