"""The contexts, one package each: its handler (`api.py`), its consumers, its entities and its formulas."""
