"""Which column of somebody's file is which field of a lead, as far as its heading tells."""

import re
from collections.abc import Iterable, Mapping, Sequence

from milepost_cli.names import one_line
from milepost_cli.stops import Misused

_NAMES: Mapping[str, Sequence[str]] = {
    "email": ("email", "emails", "emailaddress", "mail", "mailadresse", "emailadresse"),
    "phone": (
        "phone",
        "phones",
        "phonenumber",
        "mobile",
        "mobilephone",
        "cell",
        "tel",
        "telephone",
        "telefon",
        "handy",
    ),
    "name": ("name", "fullname", "contact", "contactname", "customername"),
    "external_id": ("externalid", "id", "customerid", "customernumber", "contactid", "crmid", "kundennummer"),
    "tags": ("tags", "tag", "labels"),
    "status": ("status", "lifecyclestage"),
    "locale": ("locale", "language", "sprache"),
    "time_zone": ("timezone", "zeitzone"),
    "total_spend": ("totalspend", "totalspent", "spend", "revenue", "umsatz"),
    "order_count": ("ordercount", "orders", "ordersno", "totalorders"),
    "visits": ("visits", "visitcount"),
    "last_order_at": ("lastorderat", "lastorder", "lastorderdate"),
    "last_visit_at": ("lastvisitat", "lastvisit", "lastseen"),
}
_FIELDS = {each: field for field, names in _NAMES.items() for each in names}
_SEVERAL = {"email", "phone", "tags"}
_WITHIN = re.compile(r"(consent|metadata)\..+")
_NUMBERED = re.compile(r"\d+$")


def mapping(headings: Iterable[str], said: Iterable[str]) -> dict[str, str]:
    """Return the field of each column: the one that was said, else the one that its heading is the name of.

    `said` is `COLUMN=FIELD`, and `COLUMN=` leaves a column out. Raises Misused for a column that there is not.
    """
    there = [each for each in headings if each]
    wanted = dict(_read(each) for each in said)
    missing = [column for column in wanted if column not in there]
    if missing:
        raise Misused(f"--map {missing[0]}: there is no such column; there are {', '.join(there)}.")
    found: dict[str, str] = {}
    taken = {field for field in wanted.values() if field not in _SEVERAL}
    for column in there:
        field = wanted[column] if column in wanted else _guessed(column)
        if field and (column in wanted or field not in taken):
            found[column] = field
            taken |= {field} - _SEVERAL
    return found


def _read(said: str) -> tuple[str, str]:
    column, between, field = said.rpartition("=")
    if not between:
        raise Misused(f"--map {said}: is COLUMN=FIELD, such as 'E-Mail=email'.")
    return one_line(column), field.strip()


def _guessed(column: str) -> str | None:
    if _WITHIN.fullmatch(column):
        return column
    plain = "".join(each for each in column.casefold() if each.isalnum())
    return _FIELDS.get(plain) or _FIELDS.get(_NUMBERED.sub("", plain))
