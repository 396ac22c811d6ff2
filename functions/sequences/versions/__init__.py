"""The versions of an element, and what differs between two of them."""
