"""Which links of HTML are counted, and how they are replaced."""

import pytest

from functions.audience.tracking import markup

SHOP = "https://shop.example/spring?a=1&b=2"


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (f'<a href="{SHOP.replace("&", "&amp;")}">Shop</a>', [SHOP]),
        (f"<A class=big HREF = '{SHOP}'>Shop</A>", [SHOP]),
        ('<a href=" http://a.example/ ">a</a><a href="http://a.example/">b</a>', ["http://a.example/"]),
        (
            '<a href="https://b.example/">b</a><a href="https://a.example/">a</a>',
            ["https://b.example/", "https://a.example/"],
        ),
        ('<a\nhref="https://a.example/">a</a>', ["https://a.example/"]),
        ('<a data-href="https://a.example/">a</a>', []),
        ('<a href="{{ unsubscribe_url }}">leave</a>', []),
        ('<a href="https://a.example/{{ metadata.code }}">a</a>', []),
        ('<a href="https://a.example/{% if name %}x{% endif %}">a</a>', []),
        ('<a href="mailto:ada@example.org">a</a><a href="#top">b</a><a href="/path">c</a>', []),
        ('<a href="javascript:alert(1)">a</a><a href="data:text/html,x">b</a>', []),
        ('<a href="https://münchen.example/">a</a>', []),
        ('<a href="https://a.example/two words">a</a>', []),
        ('<a href="https://a.example/\r\nSet-Cookie:x">a</a>', []),
        (f'<a href="https://a.example/{"x" * markup.LONGEST}">a</a>', []),
        ('<link href="https://a.example/style.css"><img src="https://a.example/p.png">', []),
        ("<a>no link</a>", []),
        ("", []),
        (None, []),
    ],
)
def test_links_are_those_that_are_written_out_whole(html: str | None, found: list[str]) -> None:
    assert markup.links(html) == found


def test_links_of_several_templates_are_listed_once_and_to_a_limit() -> None:
    many = "".join(f'<a href="https://a.example/{number}">a</a>' for number in range(markup.MOST + 10))

    assert markup.links('<a href="https://b.example/">b</a>', None, many)[:2] == [
        "https://b.example/",
        "https://a.example/0",
    ]
    assert len(markup.links(many)) == markup.MOST


def test_known_links_are_replaced_and_nothing_else() -> None:
    html = (
        f'<p title="x">See <a class="b" href="{SHOP.replace("&", "&amp;")}">{SHOP}</a>, '
        "<a href='https://other.example/'>other</a> and <a href=\"https://left.example/?u=x\">left</a></p>"
    )
    known = ["https://other.example/", SHOP]

    assert markup.with_links(html, known, lambda index: f"https://m.example/c?token=a&n={index}") == (
        f'<p title="x">See <a class="b" href="https://m.example/c?token=a&amp;n=1">{SHOP}</a>, '
        '<a href="https://m.example/c?token=a&amp;n=0">other</a> and <a href="https://left.example/?u=x">left</a></p>'
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Hello</p>", "<p>Hello</p>PICTURE"),
        ("<body><p>Hello</p></body></html>", "<body><p>Hello</p>PICTURE</body></html>"),
        ("<!-- </body> --><p>Hello</p></BODY >", "<!-- </body> --><p>Hello</p>PICTURE</BODY >"),
    ],
)
def test_the_picture_is_at_the_end_of_the_body(html: str, expected: str) -> None:
    picture = '<img src="https://m.example/o?token=x&amp;y=1" width="1" height="1" alt="">'

    assert markup.with_picture(html, "https://m.example/o?token=x&y=1") == expected.replace("PICTURE", picture)
