"""Questions that the primary owner of a milestone is asked on a schedule, and what they answer."""
