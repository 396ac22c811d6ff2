"""The steps that bring a table made by an earlier version to the shape of this one, in the order in which they came."""

from infra.commands.migrations import goals, imports, invoices, merged_leads, owners, secondary_owners, tenants
from infra.commands.migrations.step import Step

STEPS: tuple[Step, ...] = (
    Step(shape=2, entity="Goal", begin=goals.Mender),
    Step(shape=3, entity="Tenant", begin=lambda: tenants.mend),
    Step(shape=4, entity="Import", begin=lambda: imports.mend),
    Step(shape=4, entity="Task", begin=imports.Finder),
    Step(shape=4, entity="Point", begin=imports.Finder),
    Step(shape=5, entity="Invoice", begin=invoices.Counter),
    Step(shape=6, entity="Owner", begin=lambda: owners.mend),
    Step(shape=7, entity="Lead", begin=lambda: merged_leads.mend),
    Step(shape=8, entity="Owner", begin=lambda: secondary_owners.mend),
)
"""A table has the shape of the last step it took. Whoever changes what is stored adds a step at the end."""
SHAPE = STEPS[-1].shape
