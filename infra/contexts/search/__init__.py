"""The functions of search."""
