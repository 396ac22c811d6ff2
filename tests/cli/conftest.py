from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.identity.people import Person, registered
from tests.search.conftest import search_stage

__all__ = ["search_stage"]


@pytest.fixture
def shell(otp: None, tmp_path: Path) -> Shell:
    """A machine on which nobody has signed in."""
    return Shell(tmp_path / "home")


@pytest.fixture
def ada(otp: None) -> Person:
    """Somebody who owns a tenant."""
    return registered("ada")


@pytest.fixture
def adas(shell: Shell, ada: Person) -> Shell:
    """The machine of Ada, who has signed in."""
    assert shell.signs_in(ada.email, ada.password).exit_code == 0
    return shell


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    """Return a function that writes a file and returns its path: bytes as they are, text in an encoding."""

    def write(content: str | bytes, encoding: str = "utf-8", *, name: str = "plan.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return str(path)

    return write


@pytest.fixture
def of_somebody(otp: None, tmp_path: Path) -> Callable[[str], Shell]:
    """Return a function that registers somebody and returns their machine, on which they have signed in."""

    def machine(name: str) -> Shell:
        person = registered(name)
        own = Shell(tmp_path / name)
        assert own.signs_in(person.email, person.password).exit_code == 0
        return own

    return machine
