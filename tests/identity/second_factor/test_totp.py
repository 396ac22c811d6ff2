"""The formula of the second factor, against the vectors of RFC 6238, appendix B (SHA-1), and RFC 4226, appendix D."""

import base64
from urllib.parse import parse_qs, urlsplit

import pytest

from functions.identity.second_factor import totp

SECRET = base64.b32encode(b"12345678901234567890").decode()
NEVER = -1
# The RFC writes eight digits; six are the last six of them, because both are the same number modulo a power of ten.
RFC_6238 = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]
RFC_4226 = [
    *("755224", "287082", "359152", "969429", "338314"),
    *("254676", "287922", "162583", "399871", "520489"),
]


@pytest.mark.parametrize(("second", "eight_digits"), RFC_6238)
def test_a_code_is_that_of_the_rfc(second: int, eight_digits: str):
    assert totp.code(SECRET, at_seconds=second) == eight_digits[-6:]


@pytest.mark.parametrize(("step", "code"), [*enumerate(RFC_4226)])
def test_a_step_counts_as_the_counter_of_hotp(step: int, code: str):
    assert totp.code(SECRET, at_seconds=30 * step) == code
    assert totp.code(SECRET, at_seconds=30 * step + 29) == code


@pytest.mark.parametrize(
    ("second", "step"), [(1000 * 30, 1000), (1000 * 30 + 29, 1000), (999 * 30, 1000), (1001 * 30 + 29, 1000)]
)
def test_a_code_is_good_one_step_early_and_one_step_late(second: int, step: int):
    code = totp.code(SECRET, at_seconds=1000 * 30)

    assert totp.accepted_step(SECRET, code, at_seconds=second, after_step=NEVER) == step


@pytest.mark.parametrize("second", [998 * 30 + 29, 1002 * 30, 0, 5000 * 30])
def test_a_code_is_not_good_any_earlier_or_later(second: int):
    code = totp.code(SECRET, at_seconds=1000 * 30)

    assert totp.accepted_step(SECRET, code, at_seconds=second, after_step=NEVER) is None


@pytest.mark.parametrize(("after_step", "accepted"), [(998, 1000), (999, 1000), (1000, None), (1001, None)])
def test_a_code_is_good_only_after_the_step_that_was_used_last(after_step: int, accepted: int | None):
    code = totp.code(SECRET, at_seconds=1000 * 30)

    assert totp.accepted_step(SECRET, code, at_seconds=1000 * 30, after_step=after_step) == accepted


@pytest.mark.parametrize("code", ["", "000000", "28708", "2870822", " 287082", "٢٨٧٠٨٢", "28708x", "\ud800"])
def test_anything_else_is_no_code(code: str):
    assert totp.accepted_step(SECRET, code, at_seconds=59, after_step=NEVER) is None


def test_secrets_are_as_long_as_the_hash_and_differ():
    secrets = [totp.new_secret() for _ in range(20)]

    assert {len(base64.b32decode(secret)) for secret in secrets} == {20}
    assert len(set(secrets)) == 20


def test_the_uri_tells_an_authenticator_all_it_needs():
    uri = urlsplit(totp.uri(SECRET, account="ada@example.com"))

    query = parse_qs(uri.query)
    assert (uri.scheme, uri.netloc, uri.path) == ("otpauth", "totp", "/Milepost:ada%40example.com")
    assert (query["secret"], query["issuer"]) == ([SECRET], ["Milepost"])
    assert query.get("algorithm", ["SHA1"]) == ["SHA1"]
    assert query.get("digits", ["6"]) == ["6"]
    assert query.get("period", ["30"]) == ["30"]
