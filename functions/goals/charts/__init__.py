"""How a goal came to where it is, as numbers and as a picture, and when it will be done."""
