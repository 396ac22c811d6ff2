"""Who approves advances, by their amount, as a tenant sets it. Pure."""

from typing import Final, Literal, NamedTuple

Role = Literal["finance", "admin"]
"""`finance`: managers and finance of the project; `admin`: who administers the payments of the tenant."""

MOST_APPROVALS: Final = 5


class Layer(NamedTuple):
    """A layer: it is for advances of more than an amount, in minor units, and takes so many approvals by a role."""

    above_minor_units: int
    by: Role
    approvals: int
