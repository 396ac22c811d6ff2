"""Messages between functions: bus, queues, schedules, subscriptions."""
