"""The templates that every tenant has: six industries, to begin with. They are files, and nobody changes them."""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from functions.projects.plans.shapes import PlanTemplateDocument
from functions.projects.plans.templates import PlanTemplateNotFound, Template, Whole

_FOLDER: Final = Path(__file__).parent / "industries"
NAMES: Final = ("construction", "education", "healthcare", "it-services", "manufacturing", "retail")
"""Their ids, in the order of lists."""
_SINCE: Final = "2026-11-27T00:00:00.000Z"
_AUTHOR: Final = "milepost"


def find(name: str) -> Whole:
    """Return a template that is shipped. Raises PlanTemplateNotFound."""
    if name not in NAMES:
        raise PlanTemplateNotFound
    return _read(name)


def documents() -> Mapping[str, dict[str, Any]]:
    """Return the documents of all of them, by their ids."""
    return {name: json.loads((_FOLDER / f"{name}.json").read_text()) for name in NAMES}


@functools.cache
def _read(name: str) -> Whole:
    sent = PlanTemplateDocument.model_validate_json((_FOLDER / f"{name}.json").read_bytes())
    content = sent.content()
    template = Template(
        tenant_id="",
        plan_template_id=name,
        milestones=len(content.milestones),
        dependencies=len(content.dependencies),
        created_by=_AUTHOR,
        created_at=_SINCE,
        updated_at=_SINCE,
        version=1,
        **sent.fields(),
    )
    return Whole(template, content, is_shipped=True)
