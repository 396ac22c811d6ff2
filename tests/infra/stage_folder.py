"""A folder of stage files, to write one and to read what is said of it."""

from pathlib import Path

import pytest

from infra import stage_files
from infra.stage_files import StageFileError

PRODUCTION = 'kind = "production"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "stages").mkdir()
    return tmp_path / "stages"


def write(folder: Path, text: str, *, name: str = "prod") -> None:
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def refusal(folder: Path, name: str = "prod") -> str:
    with pytest.raises(StageFileError) as refused:
        stage_files.read(name, folder=folder)
    return str(refused.value)
