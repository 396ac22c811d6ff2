import pytest

from tests.identity.access_tokens.issuer import Issuer
from tests.payments.invoicing import Firm
from tests.projects.team import Person


@pytest.fixture
def firm(aws: None) -> Firm:
    return Firm.opened(Person.new(Issuer().publish()))
