"""Templates: texts that tenants write in Liquid, and what a person's or a tenant's values make of them."""
