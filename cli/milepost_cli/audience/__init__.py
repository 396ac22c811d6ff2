"""The commands `milepost segments|campaigns|suppressions|providers`: who is written to, what, and through whom."""
