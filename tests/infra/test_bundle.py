"""The zip that the functions are deployed from."""

import gzip
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.bundling import bundle
from infra.settings import AWS_TARGET, HOST_TARGET
from tests.infra.stages import ROOT

CACHE = ROOT / ".milepost" / "bundles"
DECLARED = "".join(path.read_text() for path in (ROOT / "infra" / "contexts").glob("*/functions.py"))
HANDLERS = sorted(set(re.findall(r"\"(functions\.[\w.]+)\.handler\"", DECLARED)))


@pytest.fixture(scope="module")
def archive() -> Path:
    """The bundle for this machine."""
    return bundle.build(root=ROOT, cache=CACHE, target=HOST_TARGET)


@pytest.fixture(scope="module")
def unpacked(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle as a function finds it."""
    folder = tmp_path_factory.mktemp("task")
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(folder)
    return folder


@pytest.mark.parametrize("target", [HOST_TARGET, AWS_TARGET], ids=["host", "aws"])
def test_a_bundle_is_small(target: bundle.Target) -> None:
    archive = bundle.build(root=ROOT, cache=CACHE, target=target)

    assert archive.stat().st_size < 15_000_000


def test_aws_gets_the_wheels_of_its_own_machine() -> None:
    archive = bundle.build(root=ROOT, cache=CACHE, target=AWS_TARGET)
    binaries = [name for name in zipfile.ZipFile(archive).namelist() if name.endswith(".so")]

    assert binaries != []
    assert [name for name in binaries if "x86_64" in name] == []


def test_nothing_is_built_twice(archive: Path) -> None:
    written = archive.stat().st_mtime_ns

    again = bundle.build(root=ROOT, cache=CACHE, target=HOST_TARGET)

    assert again == archive
    assert again.stat().st_mtime_ns == written


def test_code_and_packages_apart_are_the_bundle(archive: Path) -> None:
    code, packages = bundle.build_apart(root=ROOT, cache=CACHE, target=HOST_TARGET)
    with zipfile.ZipFile(code) as zipped:
        names = zipped.namelist()
    installed = [str(path.relative_to(packages)) for path in packages.rglob("*") if path.is_file()]

    assert {name.partition("/")[0] for name in names} == set(bundle.PACKAGES)
    assert sorted([*names, *installed]) == sorted(zipfile.ZipFile(archive).namelist())


def test_a_changed_file_makes_another_bundle(archive: Path, tmp_path: Path) -> None:
    for package in bundle.PACKAGES:
        (tmp_path / package).mkdir()
    (tmp_path / "shared" / "changed.py").write_text("CHANGED = True\n")
    (tmp_path / "requirements.txt").symlink_to(ROOT / "requirements.txt")

    changed = bundle.build(root=tmp_path, cache=CACHE, target=HOST_TARGET)

    assert changed.name != archive.name
    assert "shared/changed.py" in zipfile.ZipFile(changed).namelist()


def test_a_bundle_has_no_more_of_botocore_than_is_called(unpacked: Path) -> None:
    services = {path.name for path in (unpacked / "botocore" / "data").iterdir() if path.is_dir()}

    assert services == {"dynamodb", "events", "kms", "s3", "scheduler", "secretsmanager", "ses", "sns", "sqs"}


def test_the_docs_page_has_its_assets_compressed_and_nobody_else_has_them(unpacked: Path) -> None:
    assets = {path.name: path for path in (unpacked / "functions" / "portal" / "assets").iterdir()}

    assert set(assets) == {"swagger-ui-bundle.min.js.gz", "swagger-ui.min.css.gz"}
    assert b"SwaggerUIBundle" in gzip.decompress(assets["swagger-ui-bundle.min.js.gz"].read_bytes())
    assert [*(unpacked / "aws_lambda_powertools").rglob("*.min.*")] == []


@pytest.mark.parametrize("module", HANDLERS)
def test_a_function_needs_nothing_that_is_not_in_the_bundle(unpacked: Path, module: str) -> None:
    script = f"import sys; sys.path.insert(0, {str(unpacked)!r}); import {module}; print({module}.handler.__name__)"
    # Isolated: the packages of this environment are out of reach, as they are on AWS.
    answer = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], env=_environment(), capture_output=True, text=True, check=False
    )

    assert answer.returncode == 0, answer.stderr
    assert answer.stdout != ""


def test_bytecode_is_valid_whatever_the_times_of_the_files(unpacked: Path) -> None:
    compiled = unpacked / "botocore" / "__pycache__" / f"__init__.{sys.implementation.cache_tag}.pyc"
    # PEP 552: flags 0b01 say that the file is valid by hash and that the hash is not checked.
    flags = int.from_bytes(compiled.read_bytes()[4:8], "little")

    assert flags == 0b01


def _environment() -> dict[str, str]:
    return {
        "AWS_DEFAULT_REGION": "eu-central-1",
        "TABLE_NAME": "table",
        "STAGE": "local",
        "TOKEN_ISSUER": "https://api.example",
        "TOKEN_AUDIENCE": "milepost-local",
        "SIGNING_KEY_ID": "key",
        "POWERTOOLS_SERVICE_NAME": "test",
        "POWERTOOLS_METRICS_NAMESPACE": "Milepost",
        "LOG_LEVEL": "INFO",
    }
