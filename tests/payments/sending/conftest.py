from tests.payments.leading import ada
from tests.payments.papers.conftest import filed

__all__ = ["ada", "filed"]
