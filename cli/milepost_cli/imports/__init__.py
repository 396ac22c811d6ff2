"""`milepost import`: from the bytes of a spreadsheet to tasks and goals.

decoding   bytes to text
sheets     text to headings and rows; what is wrong with a row stays with that row
columns    which column is which field, with what is known of other programs (`presets`)
dates      days and times as a cell writes them
readings   what the cells of a row say
targets    the goal that a row belongs to, there already or to be set
jobs       the rows, brought in or checked
command    the command itself
"""
