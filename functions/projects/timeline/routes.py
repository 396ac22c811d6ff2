"""The timeline of a project and its baseline, over REST."""

from typing import Annotated, Literal

from functions.projects import resolver
from functions.projects.lifecycle import ProjectStatusNotPossible
from functions.projects.people.access import RoleRequired
from functions.projects.resolver import KEYED, PROJECT, READ, WRITE, api
from functions.projects.timeline import reading
from shared.api.declarations import Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, answer
from shared.callers.project_members import ProjectNotFound
from shared.errors import InvalidInput, Malformed

replies = Replies("functions.projects.timeline.replies")

ChosenTheme = Annotated[
    Literal["auto", "light", "dark"], Query(description="`auto` follows the setting of whoever looks.")
]


@api.operation(
    "GET",
    f"{PROJECT}/timeline",
    scope=READ,
    summary="See when milestones are worked on",
    answers={200: replies.ProjectTimeline},
    refusals=(ProjectNotFound,),
)
def show_project_timeline(project_id: str) -> Response:
    """See when each milestone is worked on at the earliest, what is critical, and how all that was in the baseline.

    Milestones come in the order in which they begin; those that are cancelled are left out.
    """
    return answer(200, reading.timeline(api.caller, project_id))


@api.operation(
    "GET",
    f"{PROJECT}/timeline.svg",
    scope=READ,
    summary="See a project as a Gantt chart",
    answers={200: replies.ProjectGantt},
    refusals=(InvalidInput, ProjectNotFound),
)
def draw_project_timeline(project_id: str, theme: ChosenTheme = "auto") -> Response:
    """See the first 100 milestones of the timeline as a Gantt chart of at most 80 KB, which can be read aloud.

    Critical milestones are bold and have a red edge, lines below bars are the baseline, and arrows are dependencies.
    """
    from functions.projects.timeline import pictures  # noqa: PLC0415 - no other read waits for it on a cold start
    from shared.charts import gantt, themes  # noqa: PLC0415

    picture = pictures.svg(reading.look(api.caller, project_id), theme=theme)
    policy = themes.policy(themes.GANTT_STYLES[theme])
    return Response(200, gantt.MEDIA_TYPE, picture, {"Content-Security-Policy": policy})


@api.operation(
    "POST",
    f"{PROJECT}/baseline",
    scope=WRITE,
    summary="Freeze how a project is planned",
    answers={201: replies.ProjectBaseline},
    refusals=(Malformed, ProjectNotFound, RoleRequired, ProjectStatusNotPossible, *KEYED),
)
def freeze_project_baseline(project_id: str, idempotency_key: IdempotencyKey = None) -> Response:
    """Keep the present days of all milestones as the baseline, in place of the one before.

    For managers and creators of an active project.
    """
    return answer(201, reading.freeze(api.caller, project_id, claim=resolver.claim(idempotency_key)))
