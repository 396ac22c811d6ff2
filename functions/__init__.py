"""The contexts, one package each: its door (`api.py`), its consumers, its entities and its formulas."""
