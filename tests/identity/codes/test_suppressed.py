"""Codes for members know nothing of the suppressions of an audience: no list for marketing locks somebody out."""

from typing import Any

import pytest

from functions.audience.respect import suppressions
from functions.audience.settings import settings
from tests.aws import hooks
from tests.identity.codes.challenged import challenged, mailed_code, sent, verify
from tests.identity.people import Person, SignedIn
from tests.platform.architecture import ROOT


@pytest.fixture
def here(noon, ada: Person) -> SignedIn:
    return ada.signs_in()


def test_a_code_reaches_a_member_whose_address_is_suppressed_for_everything(here: SignedIn, pepper: str):
    tenant_id, email = here.person.tenant_id, here.person.email
    digest = suppressions.digest(settings.of(tenant_id), "email", email)
    for reason in suppressions.REASONS:
        suppressions.add(tenant_id, "email", digest, reason, source="test")
    asked: list[Any] = []
    hooks.register("before-call.dynamodb", lambda params, **_: asked.append(str(params["body"])))
    challenged(here)

    assert set(sent()[-1].destinations) == {email}
    assert verify(here, mailed_code()).status == 200
    assert asked
    assert not [each for each in asked if "SUPPRESS" in each]


@pytest.mark.parametrize("folder", ["functions/identity", "shared"])
def test_no_module_that_writes_to_members_names_the_list(folder: str):
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / folder).rglob("*.py")}

    assert len(texts) > 50
    assert not [path for path, text in texts.items() if "#SUPPRESS" in text or "audience.respect" in text]
