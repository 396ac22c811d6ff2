"""A plan template: its record, its keys, and what callers see of it.

What lists show and what a plan is made of are two items, so that a page of templates stays small.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from shared import ids
from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import events, records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Delete, Put, Write, unchanged

View = dict[str, Any]

ID: Final = "plt"
FORMAT: Final[Mapping[str, Any]] = {"format": "milepost.plan-template", "format_version": 1}
"""What says of a document that it is a template."""
PREFIX: Final = "TEMPLATE#"
MOST: Final = 200
"""How many milestones a template may have."""
MOST_DEPENDENCIES: Final = 1000
SHARES: Final = 10_000
"""How many shares a percent has: percentages have four decimals at most."""


class PlanTemplateNotFound(NotFound):
    """404: there is no such plan template, or none that you may see."""

    def __init__(self) -> None:
        super().__init__("There is no such plan template, or none that you may see.")


class Template(NamedTuple):
    """A template as it is stored; `milestones` and `dependencies` count what its content has."""

    tenant_id: str
    plan_template_id: str
    name: str
    milestones: int
    dependencies: int
    created_by: str
    created_at: str
    updated_at: str
    version: int
    industry: str | None = None
    description: str = ""


class Content(NamedTuple):
    """What a plan is made of: parameters, milestones by their keys, and dependencies between these.

    A milestone has its `percentage` in ten thousandths of a percent.
    """

    parameters: Sequence[Mapping[str, Any]]
    milestones: Sequence[Mapping[str, Any]]
    dependencies: Sequence[Mapping[str, Any]]


class Whole(NamedTuple):
    """A template with its content."""

    template: Template
    content: Content
    is_shipped: bool = False


def partition(tenant_id: str) -> str:
    """Return the partition of the templates of a tenant."""
    return f"TENANT#{tenant_id}#PLT"


def key(tenant_id: str, template_id: str) -> Key:
    """Return the key of a template. Raises PlanTemplateNotFound for an id that none can have."""
    return Key(partition(tenant_id), f"{PREFIX}{_valid(template_id)}")


def content_key(tenant_id: str, template_id: str) -> Key:
    """Return the key of the content of a template. Raises PlanTemplateNotFound."""
    return Key(partition(tenant_id), f"CONTENT#{_valid(template_id)}")


def find(tenant_id: str, template_id: str, *, consistent: bool = True) -> Whole:
    """Return a template of a tenant with its content; one call. Raises PlanTemplateNotFound."""
    keys = [key(tenant_id, template_id), content_key(tenant_id, template_id)]
    item, content = table.get_many(keys, consistent=consistent)
    if item is None or content is None:
        raise PlanTemplateNotFound
    return Whole(from_item(item), records.from_item(Content, content))


def listed(tenant_id: str, *, limit: int, cursor: str | None) -> tuple[list[Template], str | None]:
    """Return a page of the templates of a tenant, the oldest first; one query. Raises Malformed."""
    found = table.query(partition(tenant_id), PREFIX, limit=limit, cursor=cursor)
    return [from_item(item) for item in found.items], found.next_cursor


def written(before: Template | None, whole: Whole) -> list[Write]:
    """Return the writes of a template and its content; it is still as it was read."""
    template = whole.template
    condition = ABSENT if before is None else unchanged(before.version)
    of_content = content_key(template.tenant_id, template.plan_template_id)
    place = key(template.tenant_id, template.plan_template_id)
    return [
        Put(records.to_item(place, "PlanTemplate", template), condition),
        Put(records.to_item(of_content, "PlanContent", whole.content)),
    ]


def removed(template: Template) -> list[Write]:
    """Return the writes after which a template is gone."""
    place = (template.tenant_id, template.plan_template_id)
    return [Delete(key(*place), unchanged(template.version)), Delete(content_key(*place))]


def happened(what: str, template: Template, at: Instant) -> Put:
    """Return the write of the event `projects.plan_template.<what>`."""
    return events.occurred(
        f"projects.plan_template.{what}",
        partition=partition(template.tenant_id),
        subject_id=template.plan_template_id,
        tenant_id=template.tenant_id,
        at=at,
        data={
            "plan_template_id": template.plan_template_id,
            "template_version": template.version,
            "milestones": template.milestones,
        },
    )


def from_item(item: Item) -> Template:
    """Return the template of an item."""
    return records.from_item(Template, item)


def summary(template: Template, *, is_shipped: bool = False) -> View:
    """Return what lists show of a template."""
    shown = template._asdict()
    del shown["tenant_id"], shown["milestones"], shown["dependencies"]
    counts = {"milestone_count": template.milestones, "dependency_count": template.dependencies}
    return shown | counts | {"is_shipped": is_shipped}


def view(whole: Whole) -> View:
    """Return what callers see of a template and its content."""
    return summary(whole.template, is_shipped=whole.is_shipped) | contents(whole.content)


def contents(content: Content) -> View:
    """Return a content as callers see it, and send it."""
    return {
        "parameters": [dict(each) for each in content.parameters],
        "milestones": [
            {**each, "percentage": None if each["percentage"] is None else _percent(each["percentage"])}
            for each in content.milestones
        ],
        "dependencies": [dict(each) for each in content.dependencies],
    }


def _percent(share: int) -> float:
    return share // SHARES if share % SHARES == 0 else share / SHARES


def _valid(template_id: str) -> str:
    if not ids.is_valid(template_id, ID):
        raise PlanTemplateNotFound
    return template_id
