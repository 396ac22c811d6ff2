"""Which gateway has which name."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

from functions.payments.gateways.gateways import Gateway
from functions.payments.gateways.ledger import Ledger
from functions.payments.gateways.manual import Manual

Name = Literal["ledger", "manual"]

NAMES: Final[tuple[Name, ...]] = get_args(Name)
_GATEWAYS: Final[Mapping[str, Gateway]] = {"ledger": Ledger(), "manual": Manual()}


def gateway(name: str) -> Gateway:
    """Return the gateway of a name that a tenant may choose."""
    return _GATEWAYS[name]
