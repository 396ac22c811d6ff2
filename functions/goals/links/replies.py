"""What owners get of their links, and what whoever holds one gets to see."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, RootModel

_LINK: dict[str, Any] = {
    "link_id": "link_01KAFXB7M3P5R8T0V2X4Z6A9CE",
    "goal_id": "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "name": "README of the running club",
    "created_at": "2026-01-02T08:00:00.000Z",
    "created_text": "2 Jan 2026 UTC",
    "expires_at": None,
    "expires_text": None,
}
# Cut short, or every scanner for secrets would find one here.
_URLS = {
    "badge": "/api/v1/shared/badge.svg?link=mpl_Zk3…",
    "chart": "/api/v1/shared/chart.svg?link=mpl_Zk3…",
    "calendar": "/api/v1/shared/calendar.ics?link=mpl_Zk3…",
}


def _shown(example: Any) -> ConfigDict:
    return ConfigDict(extra="forbid", defer_build=True, json_schema_extra={"examples": [example]})


class Link(BaseModel):
    """A link, without what it takes to use it."""

    model_config = _shown(_LINK)

    link_id: str
    goal_id: str | None = Field(description="null for a link that shows the calendar of all goals.")
    name: str | None
    created_at: str
    created_text: str = Field(description="The day of the instant as text, in UTC.")
    expires_at: str | None
    expires_text: str | None = Field(description="The last day on which the link is good as text, in UTC.")


class LinkUrls(BaseModel):
    """Where a link leads, below the address of the API."""

    model_config = _shown(_URLS)

    badge: str | None = Field(description="null unless the link is of a goal.")
    chart: str | None = Field(description="null unless the link is of a goal.")
    calendar: str


class LinkGiven(Link):
    """The link with its token, which is shown once: a repeated request answers the link without it."""

    model_config = _shown({**_LINK, "token": "mpl_Zk3…", "urls": _URLS})

    token: str | None
    urls: LinkUrls | None


class Links(BaseModel):
    """A page of links, oldest first."""

    model_config = _shown({"items": [_LINK], "next_cursor": None})

    items: list[Link]
    next_cursor: str | None = Field(description="Where the next page begins; null on the last.")


class Picture(RootModel[str]):
    """A picture (SVG) with text in it."""

    MEDIA_TYPE: ClassVar[str] = "image/svg+xml"
    model_config = ConfigDict(json_schema_extra={"examples": ['<svg xmlns="http://www.w3.org/2000/svg"></svg>']})


class CalendarFeed(RootModel[str]):
    """A calendar (RFC 5545)."""

    MEDIA_TYPE: ClassVar[str] = "text/calendar; charset=utf-8"
    model_config = ConfigDict(json_schema_extra={"examples": ["BEGIN:VCALENDAR\r\n…\r\nEND:VCALENDAR\r\n"]})
