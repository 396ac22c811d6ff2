"""What the tenants of the platform's tests have of sequences."""

from collections.abc import Mapping

from tests.platform.operations import send

NO_ELEMENT = {"scope": "nowhere", "element_type": "nothing", "element_id": "nobody-1", "version_number": "1"}
"""Well-formed names of what is not there."""


def element_of(headers: Mapping[str, str]) -> dict[str, str]:
    """Create an element, and return its name and those of the type and of the scope that it is in."""
    named = {"scope": "season-of-ada", "element_type": "scene-of-ada", "element_id": "opening"}
    send("POST", "/api/v1/sequences/types", {"element_type": "scene-of-ada", "order": "number"}, headers=headers)
    path = f"/api/v1/sequences/{named['scope']}/{named['element_type']}/elements"
    send("POST", path, {"element_id": named["element_id"]}, headers=headers)
    return named
