"""What a command finds around it: where its files are, the environment, the network and the time to wait."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import typer

API_KEY = "MILEPOST_API_KEY"
URL = "MILEPOST_URL"
HOME = "MILEPOST_HOME"


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """The world of a command; `transport` None is the network, `pause` waits a number of seconds."""

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    transport: httpx.BaseTransport | None = None
    pause: Callable[[float], None] = time.sleep

    @property
    def folder(self) -> Path:
        """Return the folder of the session and the journals; it is made when something is written."""
        return Path(self.environment.get(HOME) or typer.get_app_dir("milepost"))

    @property
    def api_key(self) -> str | None:
        """Return the API key of the environment, which goes before any session."""
        return self.environment.get(API_KEY) or None

    @property
    def url(self) -> str | None:
        """Return the address of the environment."""
        return self.environment.get(URL) or None
