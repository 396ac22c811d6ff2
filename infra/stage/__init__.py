"""How a running stage is started and reached."""
