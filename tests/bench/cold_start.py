"""How long a fresh process takes to its first answer, as a ratio to one that imports boto3 and makes the client.

Each runs from the bundle of its group for this machine, with its bytecode. The process to compare with takes boto3 over
the botocore of the goals with DynamoDB in it, trimmed as a bundle's is. That takes a fifth less than the published one,
and what the published one would make of the ratio stands beside it. The processes take turns, and a figure is what a
tenth of the turns stay under.
"""

import json
import shutil
import subprocess
import sys
import sysconfig
import time
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.bundling import bundle, groups, trimming
from infra.bundling.bundle import Bundle
from infra.settings import HOST_TARGET
from tests.bench import instant_table
from tests.bench.figures import Figure, quick
from tests.bench.scene import ENVIRONMENT, Scene

TURNS = 25

API_AGAINST_CLIENT = 1.1
AUTHORIZER_AGAINST_CLIENT = 0.65

_ROOT = Path(__file__).parents[2]
_BEGIN = "import sys; sys.path[:0] = {folders!r}; import json; event = json.loads({event!r})\n"
_BOTO3 = ("boto3", "s3transfer")
_CLIENT = "import boto3\nboto3.client('dynamodb')\nprint()"
# What a request writes to the log is no answer.
_LOG = "import os\nanswers, sys.stdout = sys.stdout, open(os.devnull, 'w', buffering=1)"
_API = f"""{_LOG}
from types import SimpleNamespace
from functions.goals.api import handler
context = SimpleNamespace(function_name="goals", memory_limit_in_mb=1769, invoked_function_arn="", aws_request_id="")
answer = handler(event, context)
assert answer["statusCode"] == 200, answer
print(file=answers)
"""
_AUTHORIZER = f"""{_LOG}
from functions.identity.authorizer import handler
answer = handler(event, None)
assert answer["isAuthorized"], answer
print(file=answers)
"""

Times = Mapping[str, list[float]]
"""The milliseconds to the first answer of each process, turn by turn."""


def measure(scene: Scene) -> list[Figure]:
    """Return the figures of the cold starts, and the sizes of the bundles that functions start from."""
    bundles = bundle.build(root=_ROOT, cache=_ROOT / ".milepost" / "bundles", target=HOST_TARGET)
    with TemporaryDirectory() as tasks, TemporaryDirectory() as boto3, instant_table.serving(scene.rules) as endpoint:
        goals, identity = (_unpacked(bundles[name], Path(tasks, name)) for name in ("goals", "identity"))
        environment = {**ENVIRONMENT, "AWS_ENDPOINT_URL": endpoint}
        published = sysconfig.get_paths()["purelib"]
        _make_boto3(Path(boto3), Path(published), Path(goals))
        scripts = {
            "client": _script(_CLIENT, folders=[boto3, goals], event={}),
            "published": _script(_CLIENT, folders=[published], event={}),
            "api": _script(_API, folders=[goals], event=scene.events["progress"]),
            "authorizer": _script(_AUTHORIZER, folders=[identity], event=scene.authorizer_event),
        }
        for script in scripts.values():
            _first_answer(script, environment)
        turns = [{name: _first_answer(script, environment) for name, script in scripts.items()} for _ in range(TURNS)]
    return [*judged({name: [turn[name] for turn in turns] for name in scripts}), *sizes(bundles)]


def sizes(bundles: Mapping[str, Bundle]) -> list[Figure]:
    """Return the size of each bundle, against the limit that pyproject.toml gives its group."""
    return [
        Figure(
            f"bundle of {group.name}, zipped",
            bundles[group.name].archive.stat().st_size / 1_000_000,
            "MB",
            group.largest_mb,
        )
        for group in groups.declared(_ROOT)
    ]


def _make_boto3(site: Path, published: Path, goals: Path) -> None:
    """Put boto3 into a folder, over the bytecode of a bundle's botocore and a description of DynamoDB alone."""
    for package in _BOTO3:
        shutil.copytree(published / package, site / package)
    shutil.copytree(goals / "botocore", site / "botocore", ignore=shutil.ignore_patterns("data"))
    shutil.copytree(published / "botocore" / "data", site / "botocore" / "data")
    trimming.narrow(site, services={"dynamodb"})
    trimming.drop_documentation(site)


def _unpacked(found: Bundle, folder: Path) -> str:
    with zipfile.ZipFile(found.archive) as zipped:
        zipped.extractall(folder)
    return str(folder)


def judged(times: Times) -> list[Figure]:
    """Return the figures of what the processes took."""
    return [
        Figure("import boto3, make the client", quick(times["client"]), "ms"),
        Figure("API function, token verified: to that", _ratio(times, "api"), "x", API_AGAINST_CLIENT),
        Figure("AppSync authorizer: to that", _ratio(times, "authorizer"), "x", AUTHORIZER_AGAINST_CLIENT),
        Figure("API function: to boto3 as it is published", _ratio(times, "api", "published"), "x"),
        Figure("AppSync authorizer: to boto3 as it is published", _ratio(times, "authorizer", "published"), "x"),
    ]


def _ratio(times: Times, name: str, other: str = "client") -> float:
    return quick(times[name]) / quick(times[other])


def _script(code: str, *, folders: Sequence[str], event: object) -> str:
    return _BEGIN.format(folders=[*folders], event=json.dumps(event)) + code


def _first_answer(script: str, environment: Mapping[str, str]) -> float:
    """Return the milliseconds from the start of a process to the line that it prints."""
    start = time.perf_counter()
    # Isolated and without site: what is not in the folder is out of reach, as on AWS.
    command = [sys.executable, "-I", "-S", "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        taken = time.perf_counter() - start
    if not line:
        raise RuntimeError("the process gave no answer; what it says is above")
    return taken * 1000
