"""What a stage can be told on the command line."""

import pytest

from infra.settings import settings_for
from shared.rates import Rate


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_a_stage_lets_no_page_call_and_has_the_usual_limits(stage: str) -> None:
    settings = settings_for(stage=stage)

    assert settings.allowed_origins == ()
    assert settings.rate_limit == Rate(20, 50)
    assert settings.credential_rate_limit == Rate(1, 50)


def test_a_stage_can_be_given_origins_and_limits_of_its_own() -> None:
    origins = "https://app.example.com, https://admin.example.com:8443"

    settings = settings_for(stage="dev", allowed_origins=origins, rate_limit="200/500", credential_rate_limit="9/99")

    assert settings.allowed_origins == ("https://app.example.com", "https://admin.example.com:8443")
    assert settings.rate_limit == Rate(200, 500)
    assert settings.credential_rate_limit == Rate(9, 99)


@pytest.mark.parametrize(
    "origins",
    [
        "*",
        "https://*.example.com",
        "https://app.example.com,*",
        "https://app.example.com/",
        "https://app.example.com/path",
        "app.example.com",
        "null",
        "https://App.example.com",
        "https://user@app.example.com",
        "https://app.example.com,",
    ],
)
def test_what_is_not_a_single_origin_is_refused(origins: str) -> None:
    with pytest.raises(ValueError, match="not an origin"):
        settings_for(stage="prod", allowed_origins=origins)


@pytest.mark.parametrize("rate", ["20", "0/50", "20/0", "many"])
def test_what_is_no_rate_is_refused(rate: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        settings_for(stage="dev", rate_limit=rate)


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_a_stage_sends_no_text_unless_it_is_told_where(stage: str) -> None:
    assert settings_for(stage=stage).sms_countries == ()
    assert settings_for(stage=stage, sms_countries="+49, +1202").sms_countries == ("+49", "+1202")


@pytest.mark.parametrize("countries", ["*", "+", "49", "+0", "+49,", "+49;+43", "Germany", "+49151123"])
def test_what_is_no_country_is_refused(countries: str) -> None:
    with pytest.raises(ValueError, match="not a country"):
        settings_for(stage="prod", sms_countries=countries)


@pytest.mark.parametrize("sender", ["My", "12345", "Mile post", "MilepostAlert", "Milepöst"])
def test_what_no_network_takes_for_a_sender_is_refused(sender: str) -> None:
    with pytest.raises(ValueError, match="not a sender"):
        settings_for(stage="prod", sms_sender_id=sender)


def test_there_is_no_other_stage() -> None:
    with pytest.raises(ValueError, match="choose one of local, dev, prod"):
        settings_for(stage="staging")
