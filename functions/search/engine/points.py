"""How many points each way of matching has, in every engine; frequency (BM25) decides only within one."""

from typing import Final

EXACT: Final = 400.0
STEM: Final = 300.0
SYNONYM: Final = 250.0
BEGINNING: Final = 200.0
WITHIN: Final = 150.0
TYPOS: Final = (100.0, 50.0)
"""For one typo, and for two."""
MATCHES: Final = 1000
"""How much of a hit's `text_match` a point is: a whole number, so that answers hold no rounding."""
WEIGHT: Final = 10.0
"""What the weight of a field may add: less than lies between two ways of matching, with what BM25 adds."""
