"""The removal of what is left of a deleted goal or an unfinished import."""
