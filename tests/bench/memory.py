"""How much memory each function holds once all is loaded that it may ever load, against what it is given.

Each is a fresh process that runs from the bundle of its group for this machine, and has imported its handler, the
Logger, pydantic, and botocore with its clients. Its memory is the most that it ever had in RAM, as Linux counts it.
"""

import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.bundling import bundle, groups
from infra.settings import HOST_TARGET
from tests.bench.figures import Figure
from tests.bench.scene import ENVIRONMENT
from tests.infra.stages import Stages

SHARE = 0.5
"""How much of its memory a function may hold before it has anything to do."""

_ROOT = Path(__file__).parents[2]
_LOAD = """
import sys
sys.path[:0] = [{folder!r}]
import {module}
import pydantic
from botocore import session
from shared.observability import logger
for service in {services!r}:
    session.get_session().create_client(service)
logger.debug("loaded")
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def measure() -> list[Figure]:
    """Return the figures of the functions that hold most of what they are given, one for each size."""
    with TemporaryDirectory() as folder:
        given = {
            each["Handler"].removesuffix(".handler"): each["MemorySize"]
            for each in Stages(Path(folder)).stage("prod").of_type("AWS::Lambda::Function")
        }
        return judged({module: (_held(module, Path(folder)), size) for module, size in given.items()})


def judged(held: Mapping[str, tuple[float, int]]) -> list[Figure]:
    """Return for each size of memory the function that holds most, in MB; `held` says what each holds and has."""
    largest = {
        size: max((mb, module) for module, (mb, its) in held.items() if its == size) for _, size in held.values()
    }
    return [
        Figure(f"most of {size:,} MB, {module}", mb, "MB", SHARE * size)
        for size, (mb, module) in sorted(largest.items())
    ]


def _held(module: str, folder: Path) -> float:
    context = module.split(".")[1]
    (group,) = (group for group in groups.declared(_ROOT) if context in group.contexts)
    unpacked = folder / group.name
    if not unpacked.exists():
        bundles = bundle.build(root=_ROOT, cache=_ROOT / ".milepost" / "bundles", target=HOST_TARGET)
        with zipfile.ZipFile(bundles[group.name].archive) as zipped:
            zipped.extractall(unpacked)
    # As on AWS: what is not in the folder is out of reach.
    script = _LOAD.format(folder=str(unpacked), module=module, services=sorted(group.services))
    command = [sys.executable, "-I", "-S", "-c", script]
    answer = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    return int(answer.stdout) / 1024
