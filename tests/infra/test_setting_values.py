"""What the value of a setting may be, and what is said of one that it may not."""

from pathlib import Path

import pytest

from infra import stage_files
from infra.stage_files import StageFileError
from tests.infra.stage_folder import PRODUCTION, folder, refusal, write

__all__ = ["folder"]

ZONE = "Z0123456789EXAMPLE"


@pytest.mark.parametrize(
    "domain",
    ["https://api.example.com", "api", "API.example.com", "api.example.com.", "*.example.com", f"{'a.' * 31}com"],
)
@pytest.mark.parametrize("setting", ["domain", "graphql_domain"])
def test_what_is_no_domain_is_refused(folder: Path, setting: str, domain: str) -> None:
    write(folder, f'{PRODUCTION}{setting} = "{domain}"\nhosted_zone = "{ZONE}"\n')

    assert refusal(folder).startswith(f"stages/prod.toml: {setting}: String should")


def test_the_local_stage_has_neither_name_nor_front(folder: Path) -> None:
    write(folder, f'domain = "api.example.com"\nhosted_zone = "{ZONE}"\nfront = true\n', name="local")

    with pytest.raises(StageFileError) as refused:
        stage_files.read_local(folder=folder)

    assert str(refused.value).splitlines() == [
        f"stages/local.toml: {name}: only a stage on AWS has one; `make status` says where the local stage answers"
        for name in ("domain", "hosted_zone", "front")
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("front_requests_per_address = 9", "front_requests_per_address: Input should be greater than or equal to 10"),
        ('front_requests_per_address = "100"', "front_requests_per_address: Input should be a valid integer"),
        ("front_price_class = 100", "front_price_class: Input should be '100', '200' or 'all'"),
        ('front = "cloudfront"', "front: Input should be a valid boolean"),
    ],
)
def test_what_no_front_can_be_is_refused(folder: Path, line: str, said: str) -> None:
    write(folder, f"{PRODUCTION}{line}\n")

    assert refusal(folder).startswith(f"stages/prod.toml: {said}")


@pytest.mark.parametrize("rate", ["20", "0/50", "20/0", "many"])
@pytest.mark.parametrize(
    "setting", ["rate_limit", "address_rate_limit", "credential_rate_limit", "registration_rate_limit"]
)
def test_what_is_no_rate_is_refused(folder: Path, setting: str, rate: str) -> None:
    write(folder, f'{PRODUCTION}{setting} = "{rate}"\n')

    assert refusal(folder).startswith(f"stages/prod.toml: {setting}: ")


@pytest.mark.parametrize("value", ["0", "-1", '"many"', "1.5", "true", '""'])
@pytest.mark.parametrize("setting", ["reserved_for_sign_in", "reserved_for_authorizer"])
def test_what_is_no_concurrency_is_refused(folder: Path, setting: str, value: str) -> None:
    write(folder, f"{PRODUCTION}{setting} = {value}\n")

    assert refusal(folder).startswith(f"stages/prod.toml: {setting}: ")


@pytest.mark.parametrize("header", ["X-Forwarded-For,", "x forwarded", "x:y", "Größe", ""])
def test_what_is_no_header_is_refused(folder: Path, header: str) -> None:
    write(folder, f'{PRODUCTION}front_address_header = "{header}"\n')

    assert refusal(folder).startswith("stages/prod.toml: front_address_header: ")


@pytest.mark.parametrize(
    "header",
    ["X-Front-Secret", "x-front-secret", "Authorization", "X-API-Key", "Cookie", "Proxy-Authorization"],
)
def test_a_header_that_says_something_else_than_an_address_is_refused(folder: Path, header: str) -> None:
    write(folder, f'{PRODUCTION}front_address_header = "{header}"\n')

    assert refusal(folder) == f"stages/prod.toml: front_address_header: {header} says something else than an address"


@pytest.mark.parametrize("country", ["*", "+", "49", "+0", "", "+49;+43", "Germany", "+49151123"])
def test_what_is_no_country_is_refused(folder: Path, country: str) -> None:
    write(folder, f'{PRODUCTION}sms_countries = ["+49", "{country}"]\n')

    assert refusal(folder) == f"stages/prod.toml: sms_countries: not a country, such as +49: {country!r}"


@pytest.mark.parametrize("sender", ["My", "12345", "Mile post", "MilepostAlert", "Milepöst"])
def test_what_no_network_takes_for_a_sender_is_refused(folder: Path, sender: str) -> None:
    write(folder, f'{PRODUCTION}sms_sender_id = "{sender}"\n')

    assert "sms_sender_id: not a sender, 3 to 11 letters and digits" in refusal(folder)
