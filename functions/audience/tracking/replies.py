"""What readers are answered where opens and clicks are counted."""

from typing import ClassVar

from pydantic import ConfigDict, RootModel


class Pixel(RootModel[str]):
    """A transparent picture of one pixel."""

    MEDIA_TYPE: ClassVar[str] = "image/gif"
    model_config = ConfigDict(json_schema_extra={"examples": ["GIF89a"]})


class NoSuchLink(RootModel[str]):
    """A page that says that there is no such link, without scripts."""

    MEDIA_TYPE: ClassVar[str] = "text/html; charset=utf-8"
    model_config = ConfigDict(json_schema_extra={"examples": ["<!doctype html><html></html>"]})
