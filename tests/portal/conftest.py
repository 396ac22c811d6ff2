"""The portal as it is in the bundle: with the assets of Swagger UI beside it."""

import functools
import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path

import aws_lambda_powertools.event_handler.openapi.swagger_ui as swagger_ui
import pytest

from functions.portal import files

PORTAL = files.FOLDER
SWAGGER_UI = Path(swagger_ui.__file__).parent


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Lay the portal out as `infra/bundling/bundle.py` does, and return its folder."""
    folder = tmp_path / "functions" / "portal"
    shutil.copytree(PORTAL, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "assets").mkdir()
    for name in ("swagger-ui-bundle.min.js", "swagger-ui.min.css"):
        (folder / "assets" / f"{name}.gz").write_bytes(compressed(SWAGGER_UI / name))
    (folder / "openapi.json").write_text('{"openapi": "3.1.0", "bundled": true}')
    monkeypatch.setattr(files, "FOLDER", folder)
    forget()
    yield folder
    forget()


@functools.cache
def compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes())


def forget() -> None:
    """Let the portal read its files again."""
    for read in vars(files).values():
        if hasattr(read, "cache_clear"):
            read.cache_clear()
