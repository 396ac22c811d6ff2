"""One deployed stage for all tests of this folder: a MiniStack of their own, on a free port, with data of its own."""

import secrets
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.local import deployment
from infra.local.deployment import Addresses
from infra.local.ministack import MiniStack
from infra.local.sign_in import SignIn, sign_in

ROOT = Path(__file__).parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep these tests in one process of pytest-xdist, so that they share one stage."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group("stack"))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    """The addresses of the deployed stage."""
    ministack = MiniStack(state=tmp_path_factory.mktemp("milepost"), port=_free_port())
    ministack.start()
    try:
        yield deployment.deploy(root=ROOT, ministack=ministack, report=lambda _: None)
    finally:
        ministack.stop()


@pytest.fixture
def sign_up(stack: Addresses) -> Callable[[], SignIn]:
    """Return a function that registers somebody new and signs them in."""

    def newcomer() -> SignIn:
        return sign_in(
            api_url=stack.api_url,
            email=f"{secrets.token_hex(8)}@milepost.example",
            password=secrets.token_urlsafe(18),
            display_name="Newcomer",
        )

    return newcomer


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
