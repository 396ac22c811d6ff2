"""Where who writes is, as marketing mail has to say."""

from functions.audience.respect import letterhead
from functions.audience.settings.settings import Settings
from shared.callers.tenant_settings import TenantSettings

LONDON = {"lines": ["The Engine House", "12 St James's Square"], "city": "London", "country": "GB"}


def test_the_audience_has_an_address_of_its_own_or_that_of_the_tenant():
    tenant = TenantSettings(postal_address=LONDON | {"postal_code": "SW1Y 4JH", "region": "Greater London"})

    assert letterhead.postal_address(Settings("", 1, postal_address="Here 1, Bern"), tenant) == "Here 1, Bern"
    assert letterhead.postal_address(Settings("", 1), tenant) == (
        "The Engine House, 12 St James's Square, SW1Y 4JH London, Greater London, GB"
    )
    assert letterhead.postal_address(Settings("", 1), TenantSettings(postal_address=LONDON)) == (
        "The Engine House, 12 St James's Square, London, GB"
    )
    assert letterhead.postal_address(Settings("", 1), TenantSettings()) is None
