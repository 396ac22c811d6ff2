"""Which gateway has which name. For the process of payments alone, which has the library of each."""

from collections.abc import Mapping
from typing import Final

from functions.payments.gateways.gateways import Gateway
from functions.payments.gateways.ledger import Ledger
from functions.payments.gateways.manual import Manual

_GATEWAYS: Final[Mapping[str, Gateway]] = {"ledger": Ledger(), "manual": Manual()}


def gateway(name: str) -> Gateway | None:
    """Return the gateway of a name that a tenant may choose, None if the stage has no account there.

    Raises Unavailable when the secret of the stage does not answer.
    """
    if name == "stripe":
        # Imported here because it is large, and most payments do without it.
        from functions.payments.gateways.stripe import account  # noqa: PLC0415

        return account.gateway()
    return _GATEWAYS[name]
