"""What a stage is, by its kind and by what its owner has decided."""

from typing import Any

import pytest

from infra.settings import Settings, settings_for
from infra.stage_files import StageFile
from shared.rates import Rate

KINDS = ["development", "production"]


def settings(kind: str = "development", **decided: Any) -> Settings:
    return settings_for("staging", StageFile.model_validate({"kind": kind, **decided}))


@pytest.mark.parametrize("kind", KINDS)
def test_a_stage_lets_no_page_call_and_has_the_usual_limits(kind: str) -> None:
    usual = settings(kind)

    assert usual.allowed_origins == ()
    assert usual.rate_limit == Rate(20, 50)
    assert usual.address_rate_limit == Rate(200, 1000)
    assert usual.credential_rate_limit == Rate(2, 400)
    assert usual.registration_rate_limit == Rate(1, 50)


def test_a_stage_can_be_given_origins_and_limits_of_its_own() -> None:
    origins = ["https://app.example.com", "https://admin.example.com:8443"]

    given = settings(
        allowed_origins=origins,
        rate_limit="200/500",
        address_rate_limit="300/900",
        credential_rate_limit="9/99",
        registration_rate_limit="2/20",
    )

    assert given.allowed_origins == tuple(origins)
    assert given.rate_limit == Rate(200, 500)
    assert given.address_rate_limit == Rate(300, 900)
    assert given.credential_rate_limit == Rate(9, 99)
    assert given.registration_rate_limit == Rate(2, 20)


@pytest.mark.parametrize("kind", KINDS)
def test_a_stage_sends_no_text_unless_it_is_told_where(kind: str) -> None:
    assert settings(kind).sms_countries == ()
    assert settings(kind, sms_countries=["+49", "+1202"]).sms_countries == ("+49", "+1202")


def test_a_stage_of_any_name_is_what_its_kind_says() -> None:
    development, production = (settings(kind) for kind in KINDS)

    assert {each.stage for each in (development, production)} == {"staging"}
    assert {each.keep_data for each in (development, production)} == {True}
    assert production.requests_per_second > development.requests_per_second
    assert production.log_retention != development.log_retention
    assert (development.introspection, production.introspection) == (True, False)


def test_the_owner_of_a_production_stage_may_let_it_tell_its_schema() -> None:
    assert settings("production", introspection=True).introspection is True


def test_a_stage_keeps_what_it_was_given_for_the_next_deployment() -> None:
    given = settings("production", alarm_email="you@example.com", introspection=False)

    assert given.given == {"kind": "production", "alarm_email": "you@example.com", "introspection": False}


def test_a_front_of_the_stage_names_addresses_in_its_own_header() -> None:
    names = {"domain": "api.example.com", "hosted_zone": "Z0123456789EXAMPLE"}
    own, origin = settings(front=True, **names), settings(front=True, **names, origin_domain="origin.example.com")
    theirs = settings(front_address_header="CloudFront-Viewer-Address")

    assert (own.front_address_header, theirs.front_address_header) == ("x-viewer-address", "cloudfront-viewer-address")
    assert (own.api_domain, origin.api_domain, settings(**names).api_domain) == (
        None,
        "origin.example.com",
        "api.example.com",
    )


def test_the_local_stage_needs_no_file_and_takes_one() -> None:
    usual = settings_for("local")
    faster = settings_for("local", StageFile(kind="development", rate_limit="1000/5000"))

    assert (usual.rate_limit, faster.rate_limit) == (Rate(20, 50), Rate(1000, 5000))
    assert (usual.mail_sender, faster.mail_sender) == ("no-reply@milepost.example",) * 2


def test_no_other_stage_is_without_a_file() -> None:
    with pytest.raises(ValueError, match="staging has no file"):
        settings_for("staging")
