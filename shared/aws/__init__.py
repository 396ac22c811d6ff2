"""AWS's JSON protocols over HTTPS: signing, connections, retries, and what an answer means; no service's rules."""
