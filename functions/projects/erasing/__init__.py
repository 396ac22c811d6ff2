"""The name and address of somebody from outside, erased wherever a tenant keeps them in projects."""
