"""Links by which people from outside look at what is under review, and decide on it once."""
