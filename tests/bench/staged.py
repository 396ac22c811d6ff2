"""What is waited for on a deployed local stage: one is deployed for all that is measured on it."""

from pathlib import Path
from tempfile import TemporaryDirectory

from infra.stage import deployment
from infra.stage.ministack import MiniStack
from tests.aws import ports
from tests.bench import decision_waits, event_latency
from tests.bench.figures import Figure

ROOT = Path(__file__).parents[2]


def measure() -> list[Figure]:
    """Deploy a stage of its own, and return the figures."""
    with TemporaryDirectory() as folder:
        ministack = MiniStack(state=Path(folder), port=ports.free())
        ministack.start()
        try:
            stack = deployment.deploy(root=ROOT, ministack=ministack, report=lambda _: None)
            return [*event_latency.measure(stack), *decision_waits.measure(stack)]
        finally:
            ministack.stop()
