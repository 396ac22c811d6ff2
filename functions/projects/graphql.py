"""Projects over GraphQL: what the fields of all subjects share."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from shared.api.graphql import Fields
from shared.errors import InvalidInput
from shared.storage.idempotency import Claim

View = dict[str, Any]

graphql = Fields()

_NAMED_TEXTS: Final = ("metadata", "custom_fields")
_MINOR_UNITS: Final = re.compile(r"[0-9]{1,16}", re.ASCII)


def claim() -> Claim | None:
    """Return the claim of the `Idempotency-Key` that came with the field."""
    return graphql.claim(f"USER#{graphql.caller.user_id}")


def if_match(expected_version: int | None) -> str | None:
    """Return the `If-Match` that REST would be sent for this version."""
    return None if expected_version is None else f'"{expected_version}"'


def without_nulls(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return an input without what is null: an optional argument of GraphQL that is not given may be sent so."""
    return {name: value for name, value in sent.items() if value is not None}


def with_money(view: View) -> View:
    """Return a view whose amount is `Money`: minor units are text, because an Int of GraphQL has 32 bits."""
    shown = dict(view)
    minor_units, currency = shown.pop("amount_minor_units"), shown.pop("currency")
    amount = None if minor_units is None else {"minor_units": str(minor_units), "currency": currency}
    return shown | {"amount": amount}


def milestone(view: View) -> View:
    """Return a milestone as the schema has it: its amount is `Money`, texts by name are lists."""
    named = {name: [{"name": key, "text": text} for key, text in view[name].items()] for name in _NAMED_TEXTS}
    return with_money(view) | named | {"verification_policy": policy_shown(view["verification_policy"])}


def milestone_sent(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return the input of a milestone as REST takes it. Raises InvalidInput."""
    named: dict[str, Any] = {name: named_texts(name, sent[name]) for name in _NAMED_TEXTS if sent.get(name) is not None}
    if sent.get("verification_policy") is not None:
        named["verification_policy"] = policy_sent(sent["verification_policy"])
    return with_minor_units(sent) | named


def policy_shown(policy: Any) -> Any:
    """Return a verification policy as the schema has it, None for none."""
    return _policy(policy, _text)


def policy_sent(policy: Any) -> Any:
    """Return the input of a verification policy as REST takes it, None for none. Raises InvalidInput."""
    return _policy(policy, _number)


def _policy(policy: Any, turned: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Any:
    """Return a verification policy with each automated check as GraphQL, or REST, has it."""
    if policy is None:
        return None
    return {**policy, "layers": [_with_checks(each, turned) for each in policy["layers"]]}


def _with_checks(layer: Mapping[str, Any], turned: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> dict[str, Any]:
    if layer.get("auto_checks") is None:
        return dict(layer)
    return {**layer, "auto_checks": [turned(each) for each in layer["auto_checks"]]}


def _text(check: Mapping[str, Any]) -> Mapping[str, Any]:
    expected = check.get("expected_minor_units")
    return check if expected is None else {**check, "expected_minor_units": str(expected)}


def _number(check: Mapping[str, Any]) -> Mapping[str, Any]:
    return with_minor_units(check, "expected_minor_units")


def named_texts(field: str, texts: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return the texts of a list by their names. Raises InvalidInput."""
    found = {each["name"]: each["text"] for each in texts}
    if len(found) < len(texts):
        raise InvalidInput.of(field, "must have each name once")
    return found


def with_minor_units(sent: Mapping[str, Any], name: str = "amount_minor_units") -> dict[str, Any]:
    """Return an input with its amount as a number. Raises InvalidInput for a text that is none."""
    text = sent.get(name)
    if text is None:
        return dict(sent)
    if not _MINOR_UNITS.fullmatch(text):
        raise InvalidInput.of(name, "must be a whole number of minor units, such as 250000")
    return {**sent, name: int(text)}
