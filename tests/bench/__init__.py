"""The figures Milepost holds itself to, each measured against its limit: `python -m tests.bench`."""
