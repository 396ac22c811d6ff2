"""`python -m examples.provider`: a provider of messages on a port of this machine, reachable from nowhere else.

A campaign reaches it as a generic provider at `/webhook`, as Twilio or as WhatsApp with the address as `base_url`. What
`POST /control` takes is in `mood.py`, and `receipt_url`, `secret`, `auth_token` and `access_token`. Secrets come from
the environment: `PROVIDER_SECRET`, `PROVIDER_AUTH_TOKEN`, `PROVIDER_ACCESS_TOKEN`.
"""

import argparse
import contextlib
import json
import os
import sys

from examples.provider.server import Provider
from examples.provider.wires import Account

PORT = 8792


def main() -> int:
    """Serve until interrupted."""
    asked = argparse.ArgumentParser(prog="python -m examples.provider", description=__doc__)
    asked.add_argument("--port", type=int, default=PORT, help="0 for a free one")
    asked.add_argument("--receipts", default="", help="where receipts go: …/api/v1/delivery/receipt?provider=prv_…")
    asked.add_argument("--mood", type=json.loads, default={}, help="as JSON, such as what /control takes")
    given = asked.parse_args()
    account = Account(
        receipt_url=given.receipts,
        secret=os.environ.get("PROVIDER_SECRET", ""),
        auth_token=os.environ.get("PROVIDER_AUTH_TOKEN", ""),
        access_token=os.environ.get("PROVIDER_ACCESS_TOKEN", ""),
    )
    provider = Provider(given.port, account=account)
    provider.control(given.mood)
    sys.stdout.write(f"{provider.url}\n")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        provider.serve_forever()
    provider.outbox.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
