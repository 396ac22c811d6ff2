"""Collections: which fields their documents have, and the other names by which they are found."""
