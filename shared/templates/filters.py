"""Filters: what a template may do with a value. Liquid's own, without those that mark text as safe, and three more.

`date`, `number` and `money` write as the reader's locale and time zone want it.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from babel import dates, numbers
from liquid import Environment
from liquid.exceptions import FilterArgumentError
from liquid.filter import with_context
from liquid.undefined import is_undefined

from shared.templates.work import Account, counted

# `safe` would print a person's value as markup, `date` of the library reads the clock and any text.
_LEFT_OUT = frozenset({"safe", "date", "base64_decode", "base64_url_safe_decode"})
_FORMATS = ("short", "medium", "long", "full")


def allowed() -> dict[str, Callable[..., Any]]:
    """Return every filter of a template by its name, each counted."""
    liquid = {name: each for name, each in Environment().filters.items() if name not in _LEFT_OUT}
    return {name: counted(name, each) for name, each in {**liquid, **_OURS}.items()}


@with_context
def day(value: object, form: object = "medium", *, context: Account) -> str:
    """Return an instant (RFC 3339) or a date as a day in the reader's words: `{{ due_at | date: "long" }}`."""
    if is_undefined(value) or value is None or value == "":
        return ""
    if form not in _FORMATS:
        raise FilterArgumentError(f"date takes {', '.join(_FORMATS)}", token=None)
    return dates.format_date(_day(str(value), context), format=str(form), locale=context.reader.locale)


@with_context
def number(value: object, *, context: Account) -> str:
    """Return a number with the separators of the reader's locale: `{{ visits | number }}`."""
    return "" if _is_blank(value) else numbers.format_decimal(_decimal(value), locale=context.reader.locale)


@with_context
def money(value: object, currency: object, *, context: Account) -> str:
    """Return an amount in a currency (ISO 4217): `{{ total_spend | money: "EUR" }}`."""
    if not (isinstance(currency, str) and len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise FilterArgumentError("money takes a currency of three letters, such as EUR", token=None)
    return "" if _is_blank(value) else numbers.format_currency(_decimal(value), currency, locale=context.reader.locale)


_OURS: Mapping[str, Callable[..., Any]] = {"date": day, "number": number, "money": money}


def _day(text: str, context: Account) -> date:
    try:
        if len(text) == len("2026-11-26"):
            return date.fromisoformat(text)
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise FilterArgumentError("date takes an instant of RFC 3339 or a date, YYYY-MM-DD", token=None) from error
    return instant.astimezone(context.reader.time_zone).date() if instant.tzinfo else instant.date()


def _decimal(value: object) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation as error:
        raise FilterArgumentError("a number is needed", token=None) from error
    if not found.is_finite() or abs(found.adjusted()) > 30:
        raise FilterArgumentError("the number is out of range", token=None)
    return found


def _is_blank(value: object) -> bool:
    return is_undefined(value) or value is None or value == ""
