"""The terms on which a milestone is invoiced."""
