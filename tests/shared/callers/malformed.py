"""Texts that are no API key of this stage."""

from shared.callers import api_keys


def malformed() -> dict[str, str]:
    key = api_keys.new().text
    other_stage = key[:-6].replace("_local_", "_prod_")
    return {
        "empty": "",
        "a word": "secret",
        "a token": "eyJhbGciOiJub25lIn0.e30.",
        "cut off": key[:-1],
        "with one more": key + "0",
        "mistyped": key[:-10] + ("A" if key[-10] != "A" else "B") + key[-9:],
        "another id": key.replace(key[10:22], "0" * 12),
        "another stage": other_stage + api_keys.checksum(other_stage),
        "other digits": key.replace(key[10], "٣", 1),
        "a line break": key + "\n",
        "very long": key * 100_000,
    }
