"""A zip for each group of functions: their code and the packages they need, made without Docker.

Rule: what is in the zip decides its name, so that nothing is built twice and nothing changed is deployed.
The local stage deploys the code alone, and its functions find the same packages where they were installed: an emulator
that unpacks 35 MB for each copy of a function would be busy with little else.
"""

import fcntl
import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.bundling import bytecode, groups, packages
from infra.bundling.groups import PORTAL, SHARED, Group
from infra.bundling.target import Target

CODE = ("functions", SHARED)
DOCUMENT = "docs/openapi.json"
KEPT = 6


class BundleTooLarge(Exception):
    """The zip is larger than what we hold ourselves to; the message says by how much."""


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """What the functions of a group are deployed from: a zip, and the folder of its packages if they are not in it."""

    archive: Path
    packages: Path | None


def build(*, root: Path, cache: Path, target: Target) -> dict[str, Bundle]:
    """Return the bundle of each group for the code under `root`; from `cache` what is made of the same.

    Raises:
        BundleTooLarge: a zip is over the limit of its group.
    """
    digests = _digests(root, target)
    archives = {group: cache / f"{group.name}-{digest}.zip" for group, digest in digests.items()}
    with _alone(cache):
        if missing := {group: archive for group, archive in archives.items() if not archive.exists()}:
            prepared = packages.prepare(root=root, cache=cache, target=target)
            _make(missing, root=root, target=target, prepared=prepared, beside=lambda group: [prepared / group.name])
    return {group.name: Bundle(archive=archive, packages=None) for group, archive in archives.items()}


def build_apart(*, root: Path, cache: Path, target: Target) -> dict[str, Bundle]:
    """Return bundles of the code alone, each with the folder of this machine that has its packages."""
    digests = _digests(root, target)
    archives = {group: cache / f"{group.name}-code-{digest}.zip" for group, digest in digests.items()}
    with _alone(cache):
        prepared = packages.prepare(root=root, cache=cache, target=target)
        if missing := {group: archive for group, archive in archives.items() if not archive.exists()}:
            _make(missing, root=root, target=target, prepared=prepared, beside=lambda _: [])
    return {group.name: Bundle(archive=archive, packages=prepared / group.name) for group, archive in archives.items()}


def sources(root: Path) -> Iterator[Path]:
    """Yield, in a fixed order, every file of the repository that ends up in a bundle."""
    for folder in CODE:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path
    if (root / DOCUMENT).exists():
        yield root / DOCUMENT


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """Let nobody else build: tests do in several processes at once, and the second finds what the first has made."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _digests(root: Path, target: Target) -> dict[Group, str]:
    """Return what each group is made of, in short."""
    files = {path.relative_to(root): hashlib.sha256(path.read_bytes()).digest() for path in sources(root)}
    return {group: _digest(root, target, group, files) for group in groups.declared(root)}


def _digest(root: Path, target: Target, group: Group, files: Mapping[Path, bytes]) -> str:
    digest = hashlib.sha256(f"{packages.key(root, target, group)} {sorted(group.contexts)}".encode())
    digest.update(Path(__file__).read_bytes())
    for path, content in files.items():
        if group.holds(path):
            digest.update(f"{path}\0".encode())
            digest.update(content)
    return digest.hexdigest()[:32]


def _make(
    archives: Mapping[Group, Path],
    *,
    root: Path,
    target: Target,
    prepared: Path,
    beside: Callable[[Group], list[Path]],
) -> None:
    """Write zips of the code of their groups with the folders `beside` it. All code is compiled once."""
    cache = prepared.parent
    with tempfile.TemporaryDirectory(dir=cache) as temporary, ThreadPoolExecutor() as at_once:
        code = Path(temporary, "code")
        _copy_code(root=root, assets=prepared / packages.ASSETS, destination=code)
        bytecode.add(code, python=target.python)

        def write(group: Group, archive: Path) -> None:
            unfinished = Path(temporary, archive.name)
            files = [(path, code) for path in _files(code) if group.holds(path.relative_to(code))]
            files += [(path, folder) for folder in beside(group) for path in _files(folder)]
            _zip(files, unfinished)
            _require_small(unfinished, group)
            unfinished.replace(archive)

        for written in [at_once.submit(write, group, archive) for group, archive in archives.items()]:
            written.result()
    _prune(cache, archives)


def _require_small(archive: Path, group: Group) -> None:
    if (size := archive.stat().st_size / 1_000_000) > group.largest_mb:
        raise BundleTooLarge(f"{group.name}: {size:.1f} MB zipped, {group.largest_mb} allowed")


def _prune(cache: Path, made: Mapping[Group, Path]) -> None:
    """Keep what was made last: every change of the code makes zips of up to 12 MB, of the packages folders of 35."""
    for pattern in ("packages-*", *(f"{group.name}-*.zip" for group in made)):
        oldest_first = sorted(cache.glob(pattern), key=lambda path: path.stat().st_mtime)
        for path in oldest_first[:-KEPT]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _copy_code(*, root: Path, assets: Path, destination: Path) -> None:
    portal = destination / "functions" / PORTAL
    for path in sources(root):
        copy = portal / path.name if path == root / DOCUMENT else destination / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    shutil.copytree(assets, portal / packages.ASSETS)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _zip(files: list[tuple[Path, Path]], archive: Path) -> None:
    """Write files, each with the folder it is named from: the same bytes for the same files, readable for Lambda."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as zipped:
        for path, folder in files:
            entry = zipfile.ZipInfo(str(path.relative_to(folder)), date_time=(1980, 1, 1, 0, 0, 0))
            entry.external_attr = (0o755 if path.suffix == ".so" else 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            zipped.writestr(entry, path.read_bytes())
