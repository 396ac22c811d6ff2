"""Money as whole numbers: amounts, rates, rounding and splitting. Nothing here is a binary float."""
