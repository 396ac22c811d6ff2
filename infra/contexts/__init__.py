"""The functions of each context, what each may do, and how it is reached."""
