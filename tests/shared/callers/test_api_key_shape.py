"""What an API key looks like, and that nothing else costs a read."""

import subprocess
import sys
from pathlib import Path

import pytest

from shared.callers import api_keys, auth
from tests.aws import hooks
from tests.shared.callers.malformed import malformed

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@pytest.fixture
def calls(aws: None) -> list[str]:
    """The calls of the table, in order."""
    made: list[str] = []
    hooks.register("before-call.dynamodb", lambda model, **_: made.append(model.name))
    return made


def test_a_key_names_stage_and_id_and_ends_with_its_checksum():
    key = api_keys.new()
    name, stage, key_id, rest = key.text.split("_")

    assert (name, stage, key_id, len(key_id)) == ("mlp", "local", key.key_id, 12)
    assert len(rest) == 43 + 6
    assert set(key_id + rest) <= set(DIGITS)
    assert rest[43:] == api_keys.checksum(key.text[:-6])
    assert key.last_four == key.text[-4:]
    assert key.text not in repr(key)


@pytest.mark.parametrize(
    ("text", "expected"),
    # CRC-32 is specified by what it makes of 123456789: 0xCBF43926, in base 62 the digits 3 45 35 27 22 14.
    [("", "000000"), ("123456789", "3jZRME"), ("mlp_local_", "0v5Kpl")],
)
def test_the_checksum_is_the_crc_32_in_six_digits_of_base_62(text: str, expected: str):
    assert api_keys.checksum(text) == expected


def test_no_two_keys_are_alike():
    keys = [api_keys.new() for _ in range(1000)]

    assert len({key.key_id for key in keys}) == len({key.text for key in keys}) == 1000


@pytest.mark.parametrize("kind", sorted(malformed()))
def test_what_is_no_key_of_this_stage_is_refused_without_a_read(calls: list[str], kind: str):
    with pytest.raises(auth.ApiKeyMalformed):
        auth.from_headers({"x-api-key": malformed()[kind]})

    assert calls == []


def test_looking_at_a_malformed_key_loads_no_boto3():
    code = (
        "import sys; from shared.callers import api_keys; assert api_keys.parse('mlp_x') is None; "
        "print(sorted({'boto3', 'botocore', 'pydantic', 'aws_lambda_powertools'} & set(sys.modules)))"
    )

    started = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())

    assert started.stdout.strip() == "[]"
