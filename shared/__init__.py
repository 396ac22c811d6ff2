"""What more than one context needs; knows no context."""
