"""The commands of `milepost sequences`: elements of a type, their numbers, their order and their versions."""
