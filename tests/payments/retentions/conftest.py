from tests.payments.leading import ada

__all__ = ["ada"]
