"""The functions of goals."""
