from tests.payments.leading import ada, eve

__all__ = ["ada", "eve"]
