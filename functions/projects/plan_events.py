"""The events of plan templates, and of plans that are made of them."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from functions.projects.event_data import PlanInstantiated, PlanTemplateChanged
from shared.messaging.event_data import EventType

_of_a_template = partial(EventType, PlanTemplateChanged, is_published=True, is_audited=True)

EVENT_TYPES: Final[Mapping[str, EventType]] = {
    "projects.plan_template.created": _of_a_template("A plan template was created."),
    "projects.plan_template.updated": _of_a_template("A plan template was changed."),
    "projects.plan_template.imported": _of_a_template("A plan template was created from a document."),
    "projects.plan_template.deleted": _of_a_template("A plan template is gone; plans that were made of it stay."),
    "projects.plan.instantiated": EventType(
        PlanInstantiated, "All milestones of a plan are there.", is_published=True, is_audited=True
    ),
}
