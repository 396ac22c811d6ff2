"""Preparing: a campaign that was started is frozen, cut into chunks, and put on the queue."""
