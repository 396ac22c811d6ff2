"""What people ask of each other over all contexts: what waits for whom."""
