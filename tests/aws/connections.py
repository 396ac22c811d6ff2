"""The connections that the client of AWS keeps, for tests that need new ones."""

from shared.aws import wire


def close() -> None:
    """Close all connections that no exchange uses."""
    while wire._idle:
        _, kept = wire._idle.popitem()
        for each in kept:
            each.sock.close()
