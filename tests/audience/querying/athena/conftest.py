import pytest

from functions.audience.querying import copies
from tests.audience.querying.athena import fake
from tests.audience.querying.athena.fake import Athena


@pytest.fixture
def athena(lead_files: None, monkeypatch: pytest.MonkeyPatch) -> Athena:
    """A stage with Athena, on which the files of every tenant are too large for a function."""
    monkeypatch.setenv("ATHENA_WORKGROUP", fake.WORKGROUP)
    monkeypatch.setenv("ATHENA_DATABASE", fake.DATABASE)
    monkeypatch.setenv("ATHENA_PATIENCE_SECONDS", "5")
    monkeypatch.setattr(copies, "fit", lambda _: False)
    made = Athena()
    made.attach()
    return made
