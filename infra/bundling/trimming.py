"""What no function needs of the packages in its bundle. Smaller is quicker to unpack, and here quicker to start."""

import gzip
import json
import shutil
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any

# Where botocore lists an endpoint under another name than its service.
ENDPOINTS = {"ses": "email"}
# cffi and pycparser only compile bindings; the compiled ones need no more than `_cffi_backend`.
# pydantic/v1 is the old pydantic for those who still import it. email-validator imports dns only to ask the DNS, and we
# never let it.
UNUSED = ("bin", "cffi", "pycparser", "pydantic/v1", "dns")
UNUSED_FILES = ("*.pyi", "py.typed", "examples-1.json", "*.c", "*.h", "dateutil-zoneinfo.tar.gz")
# Of Powertools' utilities the functions use batches and events, which bring the rest of what is left along.
POWERTOOLS_UTILITIES = "aws_lambda_powertools/utilities"
UNUSED_UTILITIES = (
    "auth_alpha",
    "circuit_breaker",
    "data_masking",
    "feature_flags",
    "idempotency",
    "kafka",
    "parameters",
    "streaming",
    "validation",
)
# Of all packages only this one asks for its own version when it is imported. The others do without their `dist-info`,
# and pydantic has no entry points to look through when it starts.
ASKS_FOR_METADATA = "python_ulid-"


def trim(site: Path) -> None:
    """Remove from a folder of installed wheels what no function needs."""
    for folder in _unused_folders(site):
        shutil.rmtree(folder)
    for pattern in UNUSED_FILES:
        for path in site.rglob(pattern):
            path.unlink()


def narrow(site: Path, *, services: Set[str]) -> None:
    """Leave of the 400 services that botocore describes those that are called."""
    described = site / "botocore" / "data"
    for folder in [path for path in described.iterdir() if path.is_dir() and path.name not in services]:
        shutil.rmtree(folder)
    _narrow_endpoints(described / "endpoints.json", services)


def drop_documentation(site: Path) -> None:
    """Leave out what botocore says of each service: nine tenths of a description, and most of the time to read it."""
    for path in (site / "botocore" / "data").glob("*/*/service-2.json.gz"):
        described = _undocumented(json.loads(gzip.decompress(path.read_bytes())))
        # Of these botocore reads what is said, and fails where nothing is; S3 has them.
        for parameter in described.get("clientContextParams", {}).values():
            parameter["documentation"] = ""
        _replace(path, gzip.compress(_compact(described), mtime=0))


def _unused_folders(site: Path) -> Iterator[Path]:
    yield from (path for name in UNUSED if (path := site / name).exists())
    yield from (site / POWERTOOLS_UTILITIES / name for name in UNUSED_UTILITIES)
    yield from (path for path in site.glob("*.dist-info") if not path.name.startswith(ASKS_FOR_METADATA))


def _narrow_endpoints(path: Path, services: Set[str]) -> None:
    """Leave the endpoints of these services: of 2 MB 20 KB, a third less time to make the first boto3 client."""
    names = {ENDPOINTS.get(service, service) for service in services}
    endpoints = json.loads(path.read_text(encoding="utf-8"))
    for partition in endpoints["partitions"]:
        listed = partition["services"]
        partition["services"] = {name: listed[name] for name in sorted(names & listed.keys())}
    _replace(path, _compact(endpoints))


def _undocumented(value: Any) -> Any:
    if isinstance(value, list):
        return [_undocumented(each) for each in value]
    if not isinstance(value, dict):
        return value
    # A member of that name is described by an object.
    kept = {name: each for name, each in value.items() if name != "documentation" or not isinstance(each, str)}
    return {name: _undocumented(each) for name, each in kept.items()}


def _compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _replace(path: Path, content: bytes) -> None:
    # A new file: the old one is a link, into the cache that packages are installed from and to other groups.
    path.unlink()
    path.write_bytes(content)
