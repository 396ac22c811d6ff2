"""How large the templates of a stage are: CloudFormation takes 500 resources and 1 MB, we hold ourselves to less."""

import tempfile
from pathlib import Path

from tests.bench.figures import Figure
from tests.infra.stages import LARGEST_BYTES, MOST_RESOURCES, Stages, Template, size_of


def measure() -> list[Figure]:
    """Synthesise the production stage and return the figures of each of its stacks."""
    with tempfile.TemporaryDirectory() as folder:
        templates = Stages(Path(folder)).stage("prod").templates
    return [figure for name, template in sorted(templates.items()) for figure in judged(name, template)]


def judged(name: str, template: Template) -> list[Figure]:
    """Return the figures of one stack."""
    return [
        Figure(f"{name}: resources", len(template["Resources"]), "", MOST_RESOURCES),
        Figure(f"{name}: template", size_of(template) / 1000, "KB", LARGEST_BYTES / 1000),
    ]
