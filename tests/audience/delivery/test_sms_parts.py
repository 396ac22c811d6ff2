"""In how many parts a text goes out."""

import pytest

from functions.audience.delivery import sms_parts
from functions.audience.delivery.sms_parts import Parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Parts("GSM-7", 0, 1, 160)),
        ("Hello", Parts("GSM-7", 5, 1, 155)),
        ("a" * 160, Parts("GSM-7", 160, 1, 0)),
        ("a" * 161, Parts("GSM-7", 161, 2, 145)),
        ("a" * 306, Parts("GSM-7", 306, 2, 0)),
        ("a" * 307, Parts("GSM-7", 307, 3, 152)),
        ("€" * 80, Parts("GSM-7", 160, 1, 0)),
        ("€" * 81, Parts("GSM-7", 162, 2, 143)),
        # The sign would lie across the boundary of the first part, so it begins the second one.
        ("a" * 152 + "€" + "a" * 10, Parts("GSM-7", 164, 2, 141)),
        ("a" * 152 + "€" + "a" * 151, Parts("GSM-7", 305, 2, 0)),
        ("a" * 152 + "€" + "a" * 152, Parts("GSM-7", 306, 3, 152)),
        ("Grüße, ÄÖÜ ñ @ £", Parts("GSM-7", 16, 1, 144)),
        ("line\r\nline", Parts("GSM-7", 10, 1, 150)),
        ("[x]{y}~^|\\", Parts("GSM-7", 18, 1, 142)),
        ("ç", Parts("UCS-2", 1, 1, 69)),
        ("Ç", Parts("GSM-7", 1, 1, 159)),
        ("`", Parts("UCS-2", 1, 1, 69)),
        ("\u201cquoted\u201d", Parts("UCS-2", 8, 1, 62)),
        ("я" * 70, Parts("UCS-2", 70, 1, 0)),
        ("я" * 71, Parts("UCS-2", 71, 2, 63)),
        ("я" * 134, Parts("UCS-2", 134, 2, 0)),
        ("я" * 135, Parts("UCS-2", 135, 3, 66)),
        ("🎯" * 35, Parts("UCS-2", 70, 1, 0)),
        # 33 pairs make 66 of 67 places; the next pair does not fit into the one that is left.
        ("🎯" * 36, Parts("UCS-2", 72, 2, 61)),
        ("🎯" * 66, Parts("UCS-2", 132, 2, 1)),
        ("🎯" * 67, Parts("UCS-2", 134, 3, 65)),
    ],
)
def test_a_text_has_these_parts(text: str, expected: Parts):
    assert sms_parts.of(text) == expected
