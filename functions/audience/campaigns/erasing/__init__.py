"""Erasing leads from campaigns: nothing of a campaign names them any more, and its counts stay."""
