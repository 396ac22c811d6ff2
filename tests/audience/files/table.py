"""The leads of a tenant as the table has them, row by row: what files must have too."""

from functions.audience.files import contents
from functions.audience.segments.rules import columns
from tests.audience.files.opened import Rows


def leads(tenant_id: str) -> Rows:
    """Return the rows of all leads that are there, with what became of their messages, by the ids of the leads."""
    found = [*contents.of_table(tenant_id)]
    leads_ = {each["lead_id"]: each for each in found if not each["is_gone"]}
    rows = {lead_id: {name: row.get(name) for name in columns.TYPES} for lead_id, row in leads_.items()}
    for each in found:
        if each["is_gone"] and each["lead_id"] in rows:
            for campaign_id, message in each.get("campaigns", {}).items():
                happened = {name: message.get(name) for name in columns.HAPPENINGS}
                rows[each["lead_id"]]["campaigns"][campaign_id] = happened
    return {lead_id: row | {"orders": sorted(row["orders"], key=repr)} for lead_id, row in rows.items()}
