"""Sheets (CSV) that people open with a spreadsheet."""
