"""The functions of webhooks, and the queue of deliveries."""
