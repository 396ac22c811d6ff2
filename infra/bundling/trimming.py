"""What no function needs of the wheels it is bundled with. Smaller is quicker to unpack, and here quicker to start."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

# botocore describes some 400 services; a new one that a function calls is added here.
SERVICES = {"dynamodb", "events", "kms", "s3", "scheduler", "secretsmanager", "ses", "sns", "sqs"}
# Where an endpoint is listed under another name than its service.
ENDPOINTS = SERVICES | {"email"}
# cffi and pycparser only compile bindings; the compiled ones need no more than `_cffi_backend`.
# pydantic/v1 is the old pydantic for those who still import it. email-validator imports dns only to ask the DNS, and we
# never let it.
# Functions make their clients by botocore, which needs neither boto3 nor its transfers.
UNUSED = ("bin", "cffi", "pycparser", "boto3", "s3transfer", "pydantic/v1", "dns")
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
    _narrow_endpoints(site / "botocore" / "data" / "endpoints.json")


def _unused_folders(site: Path) -> Iterator[Path]:
    yield from (path for name in UNUSED if (path := site / name).exists())
    yield from (site / POWERTOOLS_UTILITIES / name for name in UNUSED_UTILITIES)
    yield from (path for path in site.glob("*.dist-info") if not path.name.startswith(ASKS_FOR_METADATA))
    services = (path for path in (site / "botocore" / "data").iterdir() if path.is_dir())
    yield from (path for path in services if path.name not in SERVICES)


def _narrow_endpoints(path: Path) -> None:
    """Leave the endpoints of our services: of 2 MB 20 KB, a third less time to make the first boto3 client."""
    endpoints = json.loads(path.read_text(encoding="utf-8"))
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in sorted(ENDPOINTS & services.keys())}
    # A new file: the old one is a link into the cache that packages are installed from.
    path.unlink()
    path.write_text(json.dumps(endpoints, separators=(",", ":")), encoding="utf-8")
