"""A goal's chart and forecast over REST."""

from typing import Annotated, Literal

from functions.goals.goals import GoalNotFound
from functions.goals.resolver import GOAL, READ, api, caller
from functions.goals.sharing import shares
from shared.api.declarations import Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import answer
from shared.errors import InvalidInput

chart_replies = Replies("functions.goals.charts.replies")

ChosenTheme = Annotated[
    Literal["auto", "light", "dark"], Query(description="`auto` follows the setting of whoever looks.")
]

# What charts are made of is imported where one is asked for: no other request has to wait for it on a cold start.


@api.operation(
    "GET",
    f"{GOAL}/chart",
    scope=READ,
    summary="Read a goal's chart",
    answers={200: chart_replies.GoalChart},
    refusals=(GoalNotFound,),
)
def read_chart(goal_id: str) -> Response:
    """Read what happened to a goal, as it was then: scope, work done, progress, with its milestones and forecast."""
    from functions.goals.charts import charts  # noqa: PLC0415

    return answer(200, charts.read(caller(), goal_id))


@api.operation(
    "GET",
    f"{GOAL}/chart.svg",
    scope=READ,
    summary="See a goal's chart",
    answers={200: chart_replies.ChartPicture},
    refusals=(GoalNotFound, InvalidInput),
)
def draw_chart(goal_id: str, theme: ChosenTheme = "auto") -> Response:
    """See the chart as a picture of at most 20 KB, with text that can be read aloud and nothing from elsewhere."""
    from functions.goals.charts import pictures  # noqa: PLC0415
    from shared.charts import themes  # noqa: PLC0415
    from shared.charts.burn_up import MEDIA_TYPE  # noqa: PLC0415

    picture = pictures.draw(shares.open_goal(caller(), goal_id).goal, theme=theme)
    return Response(200, MEDIA_TYPE, picture, {"Content-Security-Policy": themes.policy(themes.STYLES[theme])})


@api.operation(
    "GET",
    f"{GOAL}/forecast",
    scope=READ,
    summary="Read when a goal will be done",
    answers={200: chart_replies.GoalForecast},
    refusals=(GoalNotFound,),
)
def read_forecast(goal_id: str) -> Response:
    """Read when the tasks of a goal will be done if it goes on at its own pace: by 50, 85 and 95 % of 1,000 draws."""
    from functions.goals.charts import charts  # noqa: PLC0415

    return answer(200, charts.read_forecast(caller(), goal_id))
