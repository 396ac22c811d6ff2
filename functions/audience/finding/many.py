"""How many leads of a tenant are told to search by what has many at once: imports, and an operator who restates.

The index of a tenant has everything that the search of Milepost finds, in files that its readers hold. A tenant with
more leads finds them by the list of leads, and by search those that are changed one at a time.
"""

from typing import Final

from functions.audience.files import pointers
from shared.storage import table

MOST: Final = 200_000


def are_too_many(tenant_id: str) -> bool:
    """Return whether a tenant has more leads than that, as its files say; half a read unit."""
    (item,) = table.get_many([pointers.key(tenant_id)])
    return item is not None and pointers.from_item(item).rows > MOST
