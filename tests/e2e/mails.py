"""`python -m tests.e2e.mails ENDPOINT ADDRESS`: print the one-time code that the emulator's mail to an address has."""

import re
import sys

from infra.stage.client import call


def code(endpoint_url: str, address: str) -> str:
    """Return the code of the one mail that was sent to this address."""
    by_account = call("GET", f"{endpoint_url}/_ministack/ses/messages").json()["messages"]
    (mail,) = [mail for mails in by_account.values() for mail in mails if mail["To"] == [address]]
    found = re.search(r"Your code is (\d{6})", mail["BodyText"])
    assert found is not None
    return found[1]


if __name__ == "__main__":
    sys.stdout.write(code(*sys.argv[1:]))
