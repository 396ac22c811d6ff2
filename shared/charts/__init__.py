"""Charts, badges and forecasts: pure, from numbers to pictures."""
