"""Deploying a stage onto a table that was restored: one that it can reach, and never back to an empty one."""

import pytest

from tests.infra.deploying.checkouts import ACCOUNT, Checkout, deployed, run

STREAM = "arn:aws:dynamodb:{region}:{account}:table/milepost-prod-20261126T110000Z/stream/2026-11-26T11:30:00.000"
HERE_ADOPTED = STREAM.format(region="eu-west-1", account=ACCOUNT)


def test_an_adopted_table_is_one_of_the_account_and_region(checkout: Checkout) -> None:
    checkout.write("dev", 'kind = "development"', f'adopted_table = "{HERE_ADOPTED}"')
    run("deploy", "dev")

    assert checkout.told is not None


@pytest.mark.parametrize("elsewhere", [("eu-central-1", ACCOUNT), ("eu-west-1", "210987654321")])
def test_an_adopted_table_of_elsewhere_is_refused(
    checkout: Checkout, capsys: pytest.CaptureFixture[str], elsewhere: tuple[str, str]
) -> None:
    region, account = elsewhere
    checkout.write("dev", 'kind = "development"', f'adopted_table = "{STREAM.format(region=region, account=account)}"')

    assert run("deploy", "dev") == 2
    assert f"The adopted table is in account {account}, region {region}, and this is" in capsys.readouterr().err
    assert checkout.told is None


@pytest.mark.parametrize("line", ['adopted_table = "none"', ""])
def test_a_stage_does_not_leave_its_adopted_table_for_an_empty_one(
    checkout: Checkout, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    deployed("dev", kind="development", adopted_table=HERE_ADOPTED)
    checkout.write("dev", 'kind = "development"', line)

    assert run("deploy", "dev") == 2
    assert "without it the stage would begin with an empty one" in capsys.readouterr().err
    assert checkout.told is None


def test_a_stage_that_is_restored_again_adopts_the_next_table(checkout: Checkout) -> None:
    deployed("dev", kind="development", adopted_table=HERE_ADOPTED)
    following = HERE_ADOPTED.replace("20261126T110000Z", "20261127T090000Z")
    checkout.write("dev", 'kind = "development"', f'adopted_table = "{following}"')
    run("deploy", "dev")

    assert checkout.told is not None
