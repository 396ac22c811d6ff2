"""How plan templates are created, changed, deleted, and looked at. They are of the tenant, and not for guests."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from functions.projects.dependencies.refusals import DependencyCycle
from functions.projects.plans import soundness, templates
from functions.projects.plans.templates import Content, PlanTemplateNotFound, Template, View, Whole
from shared import clock, ids
from shared.callers.caller import Caller
from shared.callers.project_members import ADMIN
from shared.errors import Forbidden, InvalidInput
from shared.storage import changes, cursors, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim

Origin = Literal["own", "shipped"]
_SHIPPED: Final = "shipped plan templates"


class PlanTemplateOfAnother(Forbidden):
    """403: a template is changed by who has created it, and by admins of the tenant."""

    def __init__(self) -> None:
        super().__init__("Another has created the template. Ask them or an admin of the tenant, or import a copy.")


def create(
    caller: Caller,
    fields: Mapping[str, Any],
    content: Content,
    *,
    what: Literal["created", "imported"] = "created",
    claim: Claim | None = None,
) -> Answer:
    """Create a template and return it; `what` is how its event calls that.

    Raises InvalidInput, DependencyCycle, TooLarge.
    """
    _require_sound(content)
    now = clock.now()
    moment = clock.to_rfc3339(now)
    template = Template(
        tenant_id=caller.tenant_id,
        plan_template_id=ids.new(templates.ID, at=now),
        milestones=len(content.milestones),
        dependencies=len(content.dependencies),
        created_by=caller.user_id,
        created_at=moment,
        updated_at=moment,
        version=1,
        **fields,
    )
    whole = Whole(template, content)
    writes = [*templates.written(None, whole), templates.happened(what, template, now)]
    return changes.make(lambda: Plan(templates.view(whole), writes), claim=claim)


def change(caller: Caller, template_id: str, fields: Mapping[str, Any], *, if_match: str | None) -> View:
    """Change fields of a template and return it.

    Raises PlanTemplateNotFound, PlanTemplateOfAnother, versions.VersionChanged, InvalidInput, DependencyCycle,
    TooLarge.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        before = templates.find(caller.tenant_id, template_id)
        _require_author(caller, before.template, if_match)
        parts = {name: value for name, value in fields.items() if name in Content._fields}
        content = before.content._replace(**parts)
        _require_sound(content)
        after = before.template._replace(
            **{name: value for name, value in fields.items() if name not in parts},
            milestones=len(content.milestones),
            dependencies=len(content.dependencies),
            updated_at=clock.to_rfc3339(now),
            version=before.template.version + 1,
        )
        whole = Whole(after, content)
        writes = [*templates.written(before.template, whole), templates.happened("updated", after, now)]
        return Plan(templates.view(whole), writes)

    return changes.make(plan)


def delete(caller: Caller, template_id: str, *, if_match: str | None) -> None:
    """Delete a template; what was made of it stays.

    Raises PlanTemplateNotFound, PlanTemplateOfAnother, versions.VersionChanged.
    """

    def plan() -> Plan[None]:
        template = templates.find(caller.tenant_id, template_id).template
        _require_author(caller, template, if_match)
        return Plan(None, [*templates.removed(template), templates.happened("deleted", template, clock.now())])

    changes.make(plan)


def find(caller: Caller, template_id: str) -> Whole:
    """Return a template of the tenant, or one that is shipped. Raises PlanTemplateNotFound."""
    from functions.projects.plans import shipped  # noqa: PLC0415 - no other read waits for pydantic on a cold start

    _require_inside(caller)
    return shipped.find(template_id) if template_id in shipped.NAMES else templates.find(caller.tenant_id, template_id)


def show(caller: Caller, template_id: str) -> View:
    """Return what a caller sees of a template and its content. Raises PlanTemplateNotFound."""
    return templates.view(find(caller, template_id))


def page(caller: Caller, origin: Origin, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the templates of the tenant, or of those that are shipped. Raises PlanTemplateNotFound."""
    from functions.projects.plans import shipped  # noqa: PLC0415 - as above

    _require_inside(caller)
    if origin == "own":
        found, next_cursor = templates.listed(caller.tenant_id, limit=limit, cursor=cursor)
        return [templates.summary(each) for each in found], next_cursor
    first = 0 if cursor is None else shipped.NAMES.index(cursors.place_in(cursor, _SHIPPED)) + 1
    names = shipped.NAMES[first : first + limit]
    shown = [templates.summary(shipped.find(name).template, is_shipped=True) for name in names]
    return shown, None if first + limit >= len(shipped.NAMES) else cursors.bind(names[-1], _SHIPPED)


def document(caller: Caller, template_id: str) -> View:
    """Return a template as another tenant can import it. Raises PlanTemplateNotFound."""
    found = find(caller, template_id)
    names = ("name", "industry", "description")
    return {
        **templates.FORMAT,
        **{name: getattr(found.template, name) for name in names},
        **templates.contents(found.content),
    }


def _require_inside(caller: Caller) -> None:
    if "guest" in caller.roles:
        raise PlanTemplateNotFound


def _require_author(caller: Caller, template: Template, if_match: str | None) -> None:
    """Require that the caller may change a template that is at the version they name."""
    versions.require(if_match, template.version)
    if template.created_by != caller.user_id and ADMIN not in caller.scopes:
        raise PlanTemplateOfAnother


def _require_sound(content: Content) -> None:
    """Require that plans can be made of a content. Raises InvalidInput, DependencyCycle."""
    found = soundness.faults(content)
    if found:
        said = "; ".join(f"{field}: {reason}" for field, reason in found)
        raise InvalidInput(said, errors=[{"field": field, "reason": reason} for field, reason in found])
    path = soundness.closed_cycle(content)
    if path is not None:
        raise DependencyCycle(path)
