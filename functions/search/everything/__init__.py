"""The search of Milepost itself: what the contexts feed, found by whoever may see it now."""
