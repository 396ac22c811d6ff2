"""The order of a sequence: given anew, moved in, compacted, spread."""
