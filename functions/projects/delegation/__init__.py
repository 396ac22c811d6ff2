"""Who decides in whose place, for how long, and on what."""
