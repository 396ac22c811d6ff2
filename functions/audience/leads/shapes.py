"""What callers send about leads. Unknown fields are refused, and a field that is not sent stays as it is."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from functions.audience import money, values
from functions.audience.leads import consent
from functions.audience.leads.batches import MOST, Row
from functions.audience.leads.changing import MOST_ADDRESSES, Sent
from functions.audience.leads.consent import State
from functions.audience.money import Currency
from functions.audience.sent import Address, Amount, Count, Locale, Moment, Name, Number, Reference, Word, Zone, asked
from shared.api import problems
from shared.callers import tenant_settings
from shared.errors import FieldError, InvalidInput

MOST_TAGS: Final = 50
LEAD: Final[dict[str, Any]] = {
    "external_id": "crm-1815",
    "name": "Ada Lovelace",
    "emails": ["ada@example.org"],
    "phones": ["+442079460958"],
    "tags": ["newsletter"],
    "status": "customer",
    "locale": "en-GB",
    "time_zone": "Europe/London",
    "visits": 3,
    "consent": {"email": "granted"},
    "metadata": {"company": {"size": 12}},
}


def _distinct(texts: list[str]) -> list[str]:
    return [*dict.fromkeys(texts)]


Addresses = Annotated[list[Address], Field(max_length=MOST_ADDRESSES), AfterValidator(_distinct)]
Numbers = Annotated[list[Number], Field(max_length=MOST_ADDRESSES)]
Tags = Annotated[list[Word], Field(max_length=MOST_TAGS), AfterValidator(_distinct)]
Subject = Annotated[str, StringConstraints(pattern=consent.PATTERN)]
Consents = Annotated[dict[Subject, State], Field(max_length=consent.MOST)]
Metadata = Annotated[
    dict[str, Any],
    AfterValidator(values.metadata),
    Field(description="JSON of 16 KB and 4 levels at most. Names are merged; one that is null is taken away."),
]


class LeadDraft(BaseModel):
    """Fields of a lead. Totals that are sent state what they are now, orders and visits recorded here included."""

    model_config = asked(LEAD)

    external_id: Reference | None = None
    name: Name | None = None
    emails: Addresses = []
    phones: Numbers = []
    tags: Tags = []
    status: Word | None = None
    locale: Locale | None = None
    time_zone: Zone | None = None
    total_spend: Amount = 0
    order_count: Count = 0
    visits: Count = 0
    last_order_at: Moment | None = None
    last_visit_at: Moment | None = None
    consent: Consents = {}
    metadata: Metadata = {}

    def sent(self, tenant_id: str) -> Sent:
        """Return what was sent as it is kept. Raises InvalidInput, CurrencyNotSet."""
        return _sent(self, tenant_settings.of(tenant_id).phone_region, money.find(tenant_id))


def _sent(draft: LeadDraft, region: str | None, currency: Currency | None) -> Sent:
    fields = {name: getattr(draft, name) for name in draft.model_fields_set}
    errors: list[FieldError] = []
    for name in ("emails", "tags"):
        if name in fields:
            fields[name] = tuple(fields[name])
    if "phones" in fields:
        read = [_read(errors, f"phones.{place}", _phone(each, region)) for place, each in enumerate(draft.phones)]
        fields["phones"] = tuple(dict.fromkeys(read))
    if "total_spend" in fields:
        if currency is None:
            raise money.CurrencyNotSet
        fields["total_spend"] = _read(errors, "total_spend", _spent(draft.total_spend, currency))
    if errors:
        raise InvalidInput(f"{errors[0]['field']}: {errors[0]['reason']}", errors=errors)
    return Sent(fields)


def _phone(text: str, region: str | None) -> Callable[[], str]:
    return lambda: values.phone(text, region=region)


def _spent(sent: float | str, currency: Currency) -> Callable[[], int]:
    def read() -> int:
        amount = currency.minor_units(sent)
        if amount < 0:
            raise ValueError("must not be less than 0")
        return amount

    return read


def _read(errors: list[FieldError], field: str, read: Callable[[], Any]) -> Any:
    """Return what is read; what is wrong with it is noted as an error of the field."""
    try:
        return read()
    except ValueError as error:
        errors.append({"field": field, "reason": str(error)})
        return None


class LeadRows(BaseModel):
    """Rows to be inserted or updated. What is wrong with one is said in its result; the others are written."""

    model_config = asked({"rows": [LEAD]})

    rows: Annotated[
        list[Any],
        Field(min_length=1, max_length=MOST, description="Each an object with the fields of `LeadDraft`."),
    ]


def rows(tenant_id: str, sent: Sequence[Any]) -> list[Row]:
    """Return rows as they are kept; what is wrong with one is said in it."""
    region, currency = tenant_settings.of(tenant_id).phone_region, money.find(tenant_id)
    return [_row(each, region, currency) for each in sent]


def _row(given: Any, region: str | None, currency: Currency | None) -> Row:
    from pydantic import ValidationError  # noqa: PLC0415

    try:
        return Row(_sent(LeadDraft.model_validate(given), region, currency))
    except ValidationError as error:
        return Row(Sent({}), problems.invalid_input([dict(each) for each in error.errors()]).errors)
    except (InvalidInput, money.CurrencyNotSet) as refusal:
        told: Mapping[str, Any] = {"field": "total_spend", "reason": refusal.detail}
        return Row(Sent({}), refusal.errors or [FieldError(field=told["field"], reason=told["reason"])])
