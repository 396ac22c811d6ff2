import pytest

from shared.errors import Malformed
from shared.storage import versions
from shared.storage.versions import VersionChanged


@pytest.mark.parametrize(
    "if_match", [None, "*", " * ", '"3"', ' "3" ', '"2", "3"', '"2","3"', 'W/"2", "3"', '"3-0a1b"']
)
def test_a_change_of_this_version_is_allowed(if_match: str | None):
    assert versions.require(if_match, 3) is None


@pytest.mark.parametrize(
    "if_match", ['"2"', 'W/"3"', '""', '"03"', '"2", W/"3"', '"2-0a1b"', 'W/"3-0a1b"', '"3-"', '"33-0a1b"']
)
def test_a_change_of_another_version_is_stale(if_match: str):
    with pytest.raises(VersionChanged) as refused:
        versions.require(if_match, 3)

    assert refused.value.status == 412
    assert refused.value.headers == {"ETag": '"3"'}


@pytest.mark.parametrize("if_match", ["", "3", '"3', '3"', '"2" "3"', '"3",', "'3'", '*, "3"'])
def test_what_is_no_list_of_entity_tags_is_malformed(if_match: str):
    with pytest.raises(Malformed):
        versions.require(if_match, 3)
