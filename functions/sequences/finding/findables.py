"""What search is told of an element: what its latest version holds, and that every member who is no guest sees it."""

from typing import Final

from functions.sequences import elements
from functions.sequences.elements import Element
from functions.sequences.sequences import Place
from functions.sequences.versions import versions
from shared.messaging import search_feed
from shared.messaging.search_feed import Fed, Findable, Needed, Text
from shared.storage import table
from shared.storage.attributes import Item

SCOPE: Final = "sequences:read"


def ref(at: Place, element_id: str) -> str:
    """Return what an element is called among all that a tenant finds."""
    return f"element~{at.scope}~{at.element_type}~{element_id}"


def of_element(element: Element, version: Item | None) -> Fed:
    """Return what search is told of an element and its latest version."""
    at, number = element.at, element.version_number
    latest = Needed(*elements.key(at, element.element_id), {"deleted_at": [None], "version_number": [number]})
    sources = [latest] if version is None else [latest, Needed(*versions.key(at, element.element_id, number))]
    held = [] if version is None else [Text("label", 1), Text("data", 1, within="")]
    findable = Findable(
        tenant_id=element.tenant_id,
        ref=ref(at, element.element_id),
        type="element",
        id=element.element_id,
        scope=SCOPE,
        sources=sources,
        grants=[search_feed.for_members(element.tenant_id)],
        titles=[*([Text("data", 1, within="title")] if held else []), Text("element_id")],
        texts=[Text("element_type"), Text("comment"), *held],
        parent={"type": "sequence", "id": f"{at.scope}/{at.element_type}"},
    )
    return search_feed.fed(findable, element.version, [elements.to_item(element), *([version] if version else [])])


def read(at: Place, found: list[Element]) -> list[Fed]:
    """Return what search is told of elements of a sequence; one call for each hundred."""
    keys = [versions.key(at, each.element_id, each.version_number) for each in found]
    return [of_element(*each) for each in zip(found, table.get_many(keys, consistent=True), strict=True)]
