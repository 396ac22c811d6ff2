"""What providers tell of messages that they have taken, and what people answer to them."""
