"""One deployed stage for all tests of this folder: a MiniStack of their own, on a free port, with data of its own.

Processes of pytest-xdist share it: the first that needs it starts it, and stops it when nobody uses it any more.
"""

import fcntl
import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from infra.stage import client, deployment
from infra.stage.deployment import Addresses
from infra.stage.ministack import MiniStack
from infra.stage.sign_in import SignIn, sign_in
from tests.aws import ports
from tests.browsing import browser
from tests.e2e.dashboard import Person

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
# They have a stage of their own and wait for it for minutes, in which the others of the run are not waited for.
LONG = ("test_first_minutes.py", "test_interruptions.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run these tests first, the long ones before all.

    The processes of a run begin with a part each of all tests: the one with these mostly waits for stages, and does so
    alone, while the others have tests that need the processor.
    """

    def turn(item: pytest.Item) -> int:
        return 2 - (item.path.parent == HERE) - (item.path.name in LONG)

    items.sort(key=turn)


@pytest.fixture(autouse=True)
def _refusals(caplog: pytest.LogCaptureFixture) -> None:
    """Show beside a test that fails what it was refused: a problem in place of what it looks for says why."""
    caplog.set_level(logging.INFO, logger=client.__name__)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """What the processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    shared = (own if worker_id == "master" else own.parent) / "stack"
    shared.mkdir(exist_ok=True)
    return shared


@pytest.fixture(scope="session")
def stack(folder: Path) -> Iterator[Addresses]:
    """The addresses of the deployed stage."""
    ministack = MiniStack(state=folder / "state", port=port_of(folder, "stack"))
    with (folder / "users").open("w") as users:
        with alone(folder, "gate"):
            fcntl.flock(users, fcntl.LOCK_SH)
            started_here = ministack.running_port() is None
            addresses = _deploy(ministack)
        yield addresses
        if started_here:
            fcntl.flock(users, fcntl.LOCK_EX)
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


@pytest.fixture(scope="module")
def chromium_of_the_module() -> Iterator[Browser]:
    """One browser for the tests of a module: to start one takes a second."""
    with browser.started() as started:
        yield started


@pytest.fixture
def chromium(chromium_of_the_module: Browser) -> Iterator[Browser]:
    """A browser whose windows are closed after the test: an open one goes on asking."""
    yield chromium_of_the_module
    for context in chromium_of_the_module.contexts:
        context.close()


@pytest.fixture
def ada(stack: Addresses, sign_up: Callable[[], SignIn]) -> Person:
    """Somebody with an account and nothing in it."""
    return Person(sign_up(), stack.api_url)


def _deploy(ministack: MiniStack) -> Addresses:
    ministack.start()
    try:
        if not deployment.is_current(root=ROOT, ministack=ministack):
            return deployment.deploy(root=ROOT, ministack=ministack, report=lambda _: None)
    except BaseException:
        ministack.stop()
        raise
    return deployment.addresses(ministack)


@contextmanager
def alone(folder: Path, what: str) -> Iterator[None]:
    """Let no other process of this run into the block with the same name."""
    with (folder / what).open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def port_of(folder: Path, server: str) -> int:
    """Return the port of a server of this run: a free one, the same for every process."""
    with alone(folder, "ports"):
        chosen = folder / f"{server}.port"
        if not chosen.exists():
            chosen.write_text(str(ports.free()))
        return int(chosen.read_text())
