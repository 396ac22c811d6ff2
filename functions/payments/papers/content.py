"""What a document says, whatever it is written in. Pure.

It says only what never changes of an issued invoice or a credit note, so the same one always reads the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.payments.billing.totals import Line
from functions.payments.credits.credit_notes import CreditNote
from functions.payments.invoices import views
from functions.payments.invoices.invoices import Invoice
from functions.payments.money import amounts, rates
from functions.payments.terms.terms import REVERSE_CHARGE_NOTE, Terms

_KINDS: Final = {"milestone": "Invoice", "partial": "Invoice of a part", "retention": "Invoice of a retention"}
_CATEGORIES: Final = {"exempt": "Exempt from tax", "reverse_charge": "Reverse charge"}


class Party(NamedTuple):
    """Who a document is from or to: what stands above, and their lines, the name first."""

    heading: str
    lines: Sequence[str]


class Row(NamedTuple):
    """A line of a document; amounts have the decimals of its currency."""

    number: str
    description: str
    quantity: str
    price: str
    tax: str
    net: str


class Paper(NamedTuple):
    """A document. `facts` and `sums` are names and values; the last of the sums is what it comes to."""

    title: str
    number: str
    currency: str
    facts: Sequence[tuple[str, str]]
    parties: Sequence[Party]
    rows: Sequence[Row]
    sums: Sequence[tuple[str, str]]
    notes: Sequence[str]
    bank_lines: Sequence[str] = ()

    @property
    def texts(self) -> Iterator[str]:
        """All that people have written in it."""
        for party in self.parties:
            yield from party.lines
        for row in self.rows:
            yield row.description
        yield from (*self.notes, *self.bank_lines)


def invoice(shown: Invoice) -> Paper:
    """Return the document of an issued invoice."""
    written, agreed = _writer(shown.currency), shown.agreed
    rows = [_row(number, line, line.net_minor_units, written) for number, line in enumerate(shown.own_lines, start=1)]
    facts = [
        ("Date of issue", shown.issued_on or ""),
        ("Date of supply", shown.supplied_on or ""),
        ("Due date", shown.due_on or ""),
    ]
    return Paper(
        title=_KINDS[shown.kind],
        number=shown.number or "",
        currency=shown.currency,
        facts=facts,
        parties=_parties(shown.seller or {}, shown.buyer or {}),
        rows=rows,
        sums=_sums(shown.totals, written, f"To be paid, {shown.currency}", kept="Retention, invoiced later"),
        notes=[*_agreed(agreed, shown.totals), *_taxed(agreed, shown.totals), *_lines(shown.note)],
        bank_lines=[*shown.bank_lines],
    )


def credit_note(note: CreditNote, of: Invoice) -> Paper:
    """Return the document of a credit note, which takes back lines of this invoice."""
    written, lines = _writer(note.currency), of.own_lines
    rows = [
        _row(
            each["number"],
            lines[each["number"] - 1]._replace(unit_price_minor_units=None),
            each["net_minor_units"],
            written,
        )
        for each in note.lines
    ]
    return Paper(
        title="Credit note",
        number=note.number,
        currency=note.currency,
        facts=[("Date of issue", note.issued_on), ("Corrects invoice", f"{note.invoice_number} of {of.issued_on}")],
        parties=_parties(note.seller, note.buyer),
        rows=rows,
        sums=_sums(note.totals, written, f"Credited, {note.currency}", kept="Retention, not credited here"),
        notes=[*_taxed(of.agreed, note.totals), *_lines(note.reason)],
    )


def _writer(currency: str) -> Any:
    return lambda minor_units: amounts.written(minor_units, currency)


def _parties(seller: Mapping[str, Any], buyer: Mapping[str, Any]) -> list[Party]:
    return [_party("From", seller), _party("To", buyer)]


def _party(heading: str, told: Mapping[str, Any]) -> Party:
    """Return a party; an address of several lines is as many lines."""
    address = [line for each in told.get("address", ()) for line in _lines(each)]
    ids = [f"Tax ID: {each}" for each in told.get("tax_ids", ())]
    email = [told["email"]] if told.get("email") else []
    return Party(heading, [told.get("name", ""), *address, *ids, *email])


def _row(number: int, line: Line, net: int, written: Any) -> Row:
    has_price = line.unit_price_minor_units is not None
    return Row(
        number=str(number),
        description=line.description,
        quantity=views.quantity(line.quantity) if has_price else "",
        price=written(line.unit_price_minor_units) if has_price else "",
        tax=_tax(line.tax_category, line.tax_rate),
        net=written(net),
    )


def _tax(category: str, rate: int) -> str:
    return _CATEGORIES.get(category) or f"{rates.to_percent(rate)} %"


def _sums(totals: Mapping[str, Any], written: Any, total: str, *, kept: str) -> list[tuple[str, str]]:
    found = [("Net", written(totals["net_minor_units"]))]
    if totals["retention_minor_units"]:
        found.append((kept, written(-totals["retention_minor_units"])))
    for each in totals["taxes"]:
        taxable = written(each["net_minor_units"] - each["retention_minor_units"])
        name = _CATEGORIES.get(each["tax_category"]) or f"Tax, {rates.to_percent(each['tax_rate'])} %"
        found.append((f"{name} of {taxable}", written(each["tax_minor_units"])))
    return [*found, (total, written(totals["payable_minor_units"]))]


def _agreed(terms: Terms, totals: Mapping[str, Any]) -> list[str]:
    """Return what the terms say of paying and of what is kept back."""
    since = "the end of the month of issue" if terms.end_of_month else "the date of issue"
    said = [f"Payable within {terms.net_days} days of {since}."]
    if totals["retention_minor_units"]:
        days = terms.retention_days
        when = "the project is completed" if days is None else f"{days} days from the date of issue are over"
        said.append(f"{rates.to_percent(terms.retention_rate)} % of the net is kept back, and invoiced once {when}.")
    return said


def _taxed(terms: Terms, totals: Mapping[str, Any]) -> list[str]:
    """Return why something is not taxed."""
    categories = {each["tax_category"] for each in totals["taxes"]} - {"standard"}
    note = terms.tax_note or (REVERSE_CHARGE_NOTE if "reverse_charge" in categories else None)
    return [note] if note and categories else []


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]
