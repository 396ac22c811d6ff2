"""Ports of this machine for servers that are told where to listen."""

import secrets
import socket

# Connections to others take theirs from 32768 on: one of those that is free now is somebody's a moment later.
_PORTS = range(20_000, 32_000)


def free() -> int:
    """Return a port that nobody listens at."""
    while True:
        port = secrets.choice(_PORTS)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
