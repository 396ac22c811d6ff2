"""The approval layers of a milestone: their policy, their people, and how one attempt at them stands."""
