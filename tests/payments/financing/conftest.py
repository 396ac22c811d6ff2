import pytest
import time_machine

from tests.identity.access_tokens.issuer import Issuer
from tests.payments.financing.lending import Lending
from tests.payments.invoicing import Firm
from tests.projects import team


@pytest.fixture
def lending(aws: None, time: time_machine.Traveller) -> Lending:
    """A firm that asks for advances, and who approves them."""
    ada = team.Person.new(Issuer().publish())
    firm = Firm.opened(ada)
    dana, cleo = (firm.purse(somebody=ada.brings(firm.project, ada.colleague(), "finance")) for _ in range(2))
    return Lending(firm, dana, cleo)
