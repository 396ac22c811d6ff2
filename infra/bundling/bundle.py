"""One zip with the code of all functions and the wheels they need, made without Docker.

Rule: what is in the zip decides its name, so that nothing is built twice and nothing changed is deployed.
The local stage deploys the code alone, and its functions find the same wheels where they were installed: an emulator
that unpacks 45 MB for each copy of a function would be busy with little else.
"""

import fcntl
import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from uv import find_uv_bin

from infra.bundling import bytecode, trimming

MAX_ZIPPED_BYTES = 15_000_000
PACKAGES = ("functions", "shared")
KEPT = 6

SWAGGER_UI = "aws_lambda_powertools/event_handler/openapi/swagger_ui"


class BundleTooLarge(Exception):
    """The zip is larger than what we hold ourselves to; the message says by how much."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where the bundle runs: a Python minor version, and a platform of wheels (None: the host's own)."""

    python: str
    platform: str | None


def build(*, root: Path, cache: Path, target: Target) -> Path:
    """Return the zip for the code under `root`, from `cache` when nothing it is made of has changed.

    Raises:
        BundleTooLarge: the zip is over 15 MB.
    """
    archive = cache / f"{_digest(root, target)}.zip"
    with _alone(cache):
        if not archive.exists():
            wheels = _wheels(root=root, cache=cache, target=target)
            _make(archive, root=root, target=target, wheels=wheels, packages=[wheels / "site"])
    return archive


def build_apart(*, root: Path, cache: Path, target: Target) -> tuple[Path, Path]:
    """Return a zip of the code alone, and the folder of this machine with the packages that it needs."""
    archive = cache / f"{_digest(root, target)}-code.zip"
    with _alone(cache):
        wheels = _wheels(root=root, cache=cache, target=target)
        # A stage may run from it for long: it is not to be pruned as the oldest.
        os.utime(wheels)
        if not archive.exists():
            _make(archive, root=root, target=target, wheels=wheels, packages=[])
    return archive, wheels / "site"


def sources(root: Path) -> Iterator[Path]:
    """Yield, in a fixed order, every file of the repository that ends up in the bundle."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path
    document = root / "docs" / "openapi.json"
    if document.exists():
        yield document


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """Let nobody else build: tests do in several processes at once, and the second finds what the first has made."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(archive: Path, *, root: Path, target: Target, wheels: Path, packages: Sequence[Path]) -> None:
    with tempfile.TemporaryDirectory(dir=archive.parent) as folder:
        code = Path(folder, "code")
        _copy_code(root=root, wheels=wheels, destination=code)
        bytecode.write(code, python=target.python)
        unfinished = Path(folder, "bundle.zip")
        _zip([*packages, code], unfinished)
        if (size := unfinished.stat().st_size) > MAX_ZIPPED_BYTES:
            raise BundleTooLarge(f"{size:,} bytes zipped, {MAX_ZIPPED_BYTES:,} allowed")
        unfinished.replace(archive)
    _prune(archive.parent)


def _prune(cache: Path) -> None:
    """Keep what was made last: every change of the code makes a bundle of 14 MB, of the packages a folder of 45 MB."""
    for pattern in ("*.zip", "wheels-*"):
        made = sorted(cache.glob(pattern), key=lambda path: path.stat().st_mtime)
        for path in made[:-KEPT]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _digest(root: Path, target: Target) -> str:
    digest = hashlib.sha256(_wheels_key(root, target).encode())
    for path in sources(root):
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:32]


def _wheels_key(root: Path, target: Target) -> str:
    recipe = [Path(module).read_bytes() for module in (__file__, bytecode.__file__, trimming.__file__)]
    made_with = f"{target} {bytecode.compiler(target.python)}".encode()
    parts = [made_with, *recipe, (root / "requirements.txt").read_bytes()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def _wheels(*, root: Path, cache: Path, target: Target) -> Path:
    """Return the folder with the trimmed wheels (`site`) and the assets of the docs page (`assets`)."""
    folder = cache / f"wheels-{_wheels_key(root, target)}"
    if folder.exists():
        return folder
    with tempfile.TemporaryDirectory(dir=cache) as temporary:
        unfinished = Path(temporary, "wheels")
        site = unfinished / "site"
        _install(root / "requirements.txt", site, target)
        _compress_assets(site / SWAGGER_UI, unfinished / "assets")
        trimming.trim(site)
        bytecode.write(site, python=target.python)
        unfinished.replace(folder)
    return folder


def _install(requirements: Path, site: Path, target: Target) -> None:
    command = [find_uv_bin(), "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
    command += ["--python-version", target.python, "--target", str(site), "-r", str(requirements)]
    if target.platform:
        command += ["--python-platform", target.platform]
    subprocess.run([*command, "--python", sys.executable], check=True)


def _compress_assets(swagger_ui: Path, assets: Path) -> None:
    """Move the Swagger UI out of Powertools, compressed once here instead of at every request."""
    assets.mkdir()
    for path in [*swagger_ui.glob("*.js"), *swagger_ui.glob("*.css")]:
        (assets / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        path.unlink()


def _copy_code(*, root: Path, wheels: Path, destination: Path) -> None:
    for path in sources(root):
        if path.is_relative_to(root / "docs"):
            continue
        copy = destination / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    portal = destination / "functions" / "portal"
    shutil.copytree(wheels / "assets", portal / "assets")
    if (document := root / "docs" / "openapi.json").exists():
        shutil.copyfile(document, portal / "openapi.json")


def _zip(folders: Sequence[Path], archive: Path) -> None:
    """Write the same bytes for the same files: fixed order, fixed times, readable for the user Lambda runs as."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as zipped:
        for folder in folders:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    entry = zipfile.ZipInfo(str(path.relative_to(folder)), date_time=(1980, 1, 1, 0, 0, 0))
                    entry.external_attr = (0o755 if path.suffix == ".so" else 0o644) << 16
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    zipped.writestr(entry, path.read_bytes())
