"""Elements of sequences that are there to be restated."""

from functions.sequences import creation
from functions.sequences.creation import New
from functions.sequences.sequences import Place
from functions.sequences.versions.versions import Draft
from shared import ids
from shared.callers.caller import Caller


def has_element(tenant_id: str, season: int, element_id: str) -> tuple[str, str]:
    """Create an element in a scope that no other tenant has, and return what is said of it, and its name there."""
    caller, scope = Caller(ids.new("user"), tenant_id, (), frozenset(), None, (), None), f"{season}-{tenant_id}"
    creation.create(caller, Place(tenant_id, scope, "script"), New(element_id, Draft()))
    return "sequences.element.stated", f"{scope}/script/{element_id}"
