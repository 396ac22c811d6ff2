import gc

import pytest

from shared import cold_start


def test_garbage_is_not_collected_while_a_function_loads() -> None:
    with cold_start.loading():
        collected_meanwhile = gc.isenabled()

    assert not collected_meanwhile
    assert gc.isenabled()


def test_garbage_is_collected_again_when_loading_fails() -> None:
    with pytest.raises(ImportError), cold_start.loading():
        import a_module_that_is_not_there  # type: ignore[import-not-found]  # noqa: F401, PLC0415

    assert gc.isenabled()
