"""The stages that many tests look at."""

import pytest

from tests.infra.stages import Stage, Stages


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Stages:
    """Every stage, as settings ask for it."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "stages"
    folder.mkdir(exist_ok=True)
    return Stages(folder)


@pytest.fixture(scope="session")
def prod(stages: Stages) -> Stage:
    """The production stage."""
    return stages.stage("prod")


@pytest.fixture(scope="session")
def local(stages: Stages) -> Stage:
    """The stage of a laptop."""
    return stages.stage("local")


@pytest.fixture(scope="session")
def full(stages: Stages) -> Stage:
    """A production stage with every setting."""
    return stages.stage("full")


@pytest.fixture
def quick_table() -> None:
    """Nothing stands in for moto, which knows what commands ask of a table."""
