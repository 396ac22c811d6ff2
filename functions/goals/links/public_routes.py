"""What a link shows, over REST, to whoever holds it. The token is in the query, so that no access log has it.

A wrong link, one that has ended, and one that does not show this are answered alike.
"""

from collections.abc import Mapping
from typing import Annotated

from functions.goals.links import links
from functions.goals.links.links import SHARED, Metric, NothingShared
from functions.goals.resolver import api
from shared.api.declarations import Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import PUBLIC
from shared.charts import themes
from shared.charts.themes import Theme
from shared.errors import InvalidInput

replies = Replies("functions.goals.links.replies")

# Whoever shows a picture to many asks for it every five minutes, and that is how long one that has ended may be seen.
_HEADERS = {"Cache-Control": "public, max-age=300", "X-Robots-Tag": "noindex"}
_PICTURE = {"Cross-Origin-Resource-Policy": "cross-origin"}

Token = Annotated[str, Query(max_length=64, description="The token of the link: `mpl_…`.")]
Look = Annotated[Theme, Query(description="`auto` follows the reader's setting.")]
Asked = Annotated[
    Metric, Query(description="How far it is, its next milestone, when it will be done, or how many tasks are.")
]
Label = Annotated[str | None, Query(max_length=60, description="What stands on the left; by default the title.")]


@api.operation(
    "GET",
    f"{SHARED}/badge.svg",
    scope=PUBLIC,
    summary="See the badge of a link",
    answers={200: replies.Picture},
    refusals=(InvalidInput, NothingShared),
)
def show_badge(
    link: Token,
    metric: Asked = "progress",
    label: Label = None,
    theme: Look = "auto",
) -> Response:
    """Show how a goal is doing as a picture of one line, for a README or any page."""
    # What only this needs does not make every cold start longer.
    from functions.goals.links import badges  # noqa: PLC0415

    text = badges.picture(links.open_goal_link(link), metric, label=label, theme=theme)
    return _picture(text, themes.BADGE_STYLES[theme])


@api.operation(
    "GET",
    f"{SHARED}/chart.svg",
    scope=PUBLIC,
    summary="See the chart of a link",
    answers={200: replies.Picture},
    refusals=(InvalidInput, NothingShared),
)
def show_chart(link: Token, theme: Look = "auto") -> Response:
    """Show what happened to a goal, and when it will be done, as a picture for any page."""
    from functions.goals.charts import pictures as chart_pictures  # noqa: PLC0415 - as above

    text = chart_pictures.draw(links.open_goal_link(link), theme=theme)
    return _picture(text, themes.STYLES[theme])


@api.operation(
    "GET",
    f"{SHARED}/calendar.ics",
    scope=PUBLIC,
    summary="See the calendar of a link",
    answers={200: replies.CalendarFeed},
    refusals=(InvalidInput, NothingShared),
)
def show_calendar(link: Token) -> Response:
    """Subscribe to deadlines, due tasks and milestones of the goal, or of all active goals, by a program's calendar."""
    from functions.goals.links import agenda, ics  # noqa: PLC0415 - as above

    return _shown(ics.MEDIA_TYPE, agenda.calendar(links.open_link(link)))


def _picture(text: str, style: str) -> Response:
    """Return the answer that shows a picture, which pages of other sites may show too."""
    return _shown("image/svg+xml", text, {**_PICTURE, "Content-Security-Policy": themes.policy(style)})


def _shown(media_type: str, text: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer that shows this."""
    return Response(200, media_type, text, {**_HEADERS, **(headers or {})})
