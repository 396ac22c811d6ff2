"""Goals in long work: all of them exported into a file, or restored from one."""
