"""Out of AWS and back: the one client for addresses that others give, and signatures of what is sent and received."""
