"""`python -m examples.receiver [--port 8791] [--certificate both.pem]`: receive until it is interrupted."""

import argparse
import contextlib
import sys
from pathlib import Path

from examples.receiver.server import RECEIVED, Received, Receiver
from examples.receiver.ways import WAYS

PORT = 8791


def main() -> None:
    """Say which ways there are, then each request that comes."""
    parser = argparse.ArgumentParser(prog="receiver", description=sys.modules[__name__].__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="the port to listen at, 0 for a free one")
    parser.add_argument("--certificate", type=Path, help="speak TLS with this file of a key and a certificate")
    asked = parser.parse_args()
    with Receiver(asked.port, hear=say) as receiver, contextlib.suppress(KeyboardInterrupt):
        if asked.certificate:
            receiver.present(asked.certificate)
        for name, way in WAYS.items():
            _write(f"{receiver.url}/{name:<9} {way.__doc__}")
        _write(f"{receiver.url}{RECEIVED} what has come, as JSON")
        receiver.serve_forever()


def say(received: Received) -> None:
    """Say what came, but for its headers: they may hold a credential."""
    _write(f"{received.method} {received.path} {len(received.body)} characters")


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
