"""A project's chart and forecast over REST."""

from typing import Annotated, Literal

from functions.milestones import resolver
from functions.milestones.resolver import READ, ProjectInPath, api
from shared.api.declarations import Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import answer
from shared.callers.project_members import ProjectNotFound
from shared.errors import InvalidInput

PROJECT = "/api/v1/projects/<project_id>"

project_replies = Replies("functions.milestones.projects.replies")

ChosenTheme = Annotated[
    Literal["auto", "light", "dark"], Query(description="`auto` follows the setting of whoever looks.")
]

# What charts are made of is imported where one is asked for: no other request has to wait for it on a cold start.


@api.operation(
    "GET",
    f"{PROJECT}/chart",
    scope=READ,
    summary="Read a project's chart",
    answers={200: project_replies.ProjectChart},
    refusals=(InvalidInput, ProjectNotFound),
)
def read_project_chart(project_id: ProjectInPath) -> Response:
    """Read how a project stood, day by day as it was seen then: scope, work done, progress, and its forecast."""
    from functions.milestones.projects import charts  # noqa: PLC0415

    return answer(200, charts.read(resolver.caller(), project_id))


@api.operation(
    "GET",
    f"{PROJECT}/chart.svg",
    scope=READ,
    summary="See a project's chart",
    answers={200: project_replies.ProjectPicture},
    refusals=(InvalidInput, ProjectNotFound),
)
def draw_project_chart(project_id: ProjectInPath, theme: ChosenTheme = "auto") -> Response:
    """See the chart as a picture of at most 20 KB, with text that can be read aloud and nothing from elsewhere."""
    from functions.milestones.projects import charts, pictures  # noqa: PLC0415
    from shared.charts import themes  # noqa: PLC0415
    from shared.charts.burn_up import MEDIA_TYPE  # noqa: PLC0415

    picture = pictures.svg(charts.look(resolver.caller(), project_id), theme=theme)
    return Response(200, MEDIA_TYPE, picture, {"Content-Security-Policy": themes.policy(themes.STYLES[theme])})


@api.operation(
    "GET",
    f"{PROJECT}/forecast",
    scope=READ,
    summary="Read when a project will be done",
    answers={200: project_replies.ProjectForecast},
    refusals=(InvalidInput, ProjectNotFound),
)
def read_project_forecast(project_id: ProjectInPath) -> Response:
    """Read when the open milestones are done if it goes on at its own pace: by 50, 85 and 95 % of 1,000 draws."""
    from functions.milestones.projects import charts  # noqa: PLC0415

    return answer(200, charts.read_forecast(resolver.caller(), project_id))
