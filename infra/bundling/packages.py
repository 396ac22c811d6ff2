"""The packages of every group, in a folder each.

Rule: all are installed, trimmed and compiled once; the folder of a group has links to those that its lock names.
"""

import gzip
import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import distributions
from pathlib import Path

from packaging.utils import canonicalize_name
from uv import find_uv_bin

from infra.bundling import bytecode, groups, locales, trimming
from infra.bundling.groups import Group
from infra.bundling.target import Target

ASSETS = "assets"
SWAGGER_UI = "aws_lambda_powertools/event_handler/openapi/swagger_ui"

_RECIPE = (__file__, bytecode.__file__, groups.__file__, locales.__file__, trimming.__file__)


def key(root: Path, target: Target, group: Group) -> str:
    """Return a hash of everything that the packages of a group are made of."""
    recipe = [Path(module).read_bytes() for module in _RECIPE]
    made_with = f"{target} {bytecode.compiler(target.python)} {sorted(group.services)}".encode()
    return hashlib.sha256(b"\0".join([made_with, *recipe, (root / group.lock).read_bytes()])).hexdigest()[:16]


def prepare(*, root: Path, cache: Path, target: Target) -> Path:
    """Return a folder with the packages of each group under its name, and the assets of the docs page."""
    declared = groups.declared(root)
    keys = "".join(f"{group.name} {key(root, target, group)}\n" for group in declared)
    folder = cache / f"packages-{hashlib.sha256(keys.encode()).hexdigest()[:16]}"
    if folder.exists():
        # A stage may run from it for long: it is not to be pruned as the oldest.
        os.utime(folder)
        return folder
    with tempfile.TemporaryDirectory(dir=cache) as temporary:
        unfinished = Path(temporary, "packages")
        unfinished.mkdir()
        everything = Path(temporary, "everything")
        _install([root / group.lock for group in declared], everything, target)
        files = _files_by_package(everything)
        _compress_assets(everything / SWAGGER_UI, unfinished / ASSETS)
        trimming.trim(everything)
        trimming.narrow(everything, services=frozenset().union(*(group.services for group in declared)))
        trimming.drop_documentation(everything)
        locales.narrow(everything)
        bytecode.replace_sources(everything, python=target.python)
        for group in declared:
            site = unfinished / group.name
            _link(files, groups.pinned(root, group), source=everything, destination=site)
            trimming.narrow(site, services=group.services)
        unfinished.replace(folder)
    return folder


def _install(locks: Sequence[Path], site: Path, target: Target) -> None:
    """Install what any of the locks names; they name it in the same version, or uv refuses."""
    command = [find_uv_bin(), "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
    command += ["--python-version", target.python, "--target", str(site)]
    for lock in locks:
        command += ["-r", str(lock)]
    if target.platform:
        command += ["--python-platform", target.platform]
    subprocess.run([*command, "--python", sys.executable], check=True)


def _files_by_package(site: Path) -> dict[str, list[Path]]:
    return {
        canonicalize_name(installed.name): [Path(file) for file in installed.files or ()]
        for installed in distributions(path=[str(site)])
    }


def _compress_assets(swagger_ui: Path, assets: Path) -> None:
    """Move the Swagger UI out of Powertools, compressed once here instead of at every request."""
    assets.mkdir()
    for path in [*swagger_ui.glob("*.js"), *swagger_ui.glob("*.css")]:
        (assets / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        path.unlink()


def _link(files: Mapping[str, Sequence[Path]], names: Sequence[str], *, source: Path, destination: Path) -> None:
    """Link what is left of these packages. The lock names some for other systems only; those are not installed."""
    for file in (file for name in names for file in files.get(name, ())):
        for left in _as_compiled(file):
            if (source / left).is_file():
                link = destination / left
                link.parent.mkdir(parents=True, exist_ok=True)
                link.hardlink_to(source / left)


def _as_compiled(file: Path) -> Iterator[Path]:
    yield file
    if file.suffix == ".py":
        yield file.with_suffix(".pyc")
