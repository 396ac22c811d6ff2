"""Links by which whoever a probe has asked answers without signing in, once."""
