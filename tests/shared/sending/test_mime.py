"""E-mails as their recipients and the servers on the way read them."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sending import addresses, mime
from shared.sending.addresses import NotMailable
from shared.sending.mime import Mail

SENDER = "no-reply@example.com"
URL = "https://milepost.example/unsubscribe?token=" + "a-Z_0" * 80


def written(**fields: Any) -> bytes:
    return mime.write(
        Mail(**{"to": "ada@example.com", "subject": "Hello", "text": "Hello, Ada.", **fields}), sender=SENDER
    )


def as_read(message: bytes) -> EmailMessage:
    return message_from_bytes(message, policy=policy.default)  # type: ignore[arg-type, return-value]


def test_a_text_is_read_as_it_was_written():
    read = as_read(written(subject="Grüße 🎯", text="Zeile eins\nLinie två ✓\n"))

    assert (read["From"], read["To"], read["Subject"]) == (SENDER, "ada@example.com", "Grüße 🎯")
    assert read.get_content().splitlines() == ["Zeile eins", "Linie två ✓"]
    assert read.get_content_type() == "text/plain"


def test_html_stands_beside_the_text():
    read = as_read(written(text="Grüße", html="<p>Grüße</p>"))
    plain, html = read.iter_parts()

    assert read.get_content_type() == "multipart/alternative"
    assert (plain.get_content().strip(), html.get_content().strip()) == ("Grüße", "<p>Grüße</p>")
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")


def test_every_line_is_short_and_of_seven_bits():
    message = written(subject="ü" * 300, text="ü" * 5000, html="<p>" + "x" * 5000, unsubscribe_url=None)

    assert message.isascii()
    assert max(len(line) for line in message.split(b"\r\n")) <= 78
    assert b"\n" not in message.replace(b"\r\n", b"")


def test_one_click_unsubscribes_whatever_the_length_of_the_url():
    message = written(unsubscribe_url=URL)

    assert f"List-Unsubscribe: <{URL}>\r\n".encode() in message
    assert as_read(message)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    "url",
    [
        "http://milepost.example/",
        "https://",
        "https://milepost.example/>\r\nBcc: eve@example.com",
        "https://milepost.example/ two",
        "https://milepost.example/<",
        "https://milepost.example/ü",
        "https://milepost.example/" + "a" * 900,
    ],
)
def test_what_is_no_url_to_unsubscribe_at_is_refused(url: str):
    with pytest.raises(NotMailable):
        written(unsubscribe_url=url)


def test_headers_of_a_list_are_written_as_they_are():
    headers = {
        "List-Unsubscribe": f"<{URL}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Feedback-ID": "1",
    }
    message = written(headers=headers)

    assert f"List-Unsubscribe: <{URL}>\r\n".encode() in message
    assert {name: as_read(message)[name] for name in headers} == headers


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Bcc", "eve@example.com"),
        ("From", "eve@example.com"),
        ("Content-Type", "text/html"),
        ("List-Id: x\r\nBcc", "eve@example.com"),
        ("List-Id", "x\r\nBcc: eve@example.com"),
        ("List-Id", "x\n"),
        ("List-Id", "ü"),
        ("List-Id", ""),
        ("List-Id", "x" * 901),
    ],
)
def test_any_other_header_is_refused(name: str, value: str):
    with pytest.raises(NotMailable):
        written(headers={name: value})


def test_a_domain_is_written_as_servers_know_it():
    assert addresses.to_ascii("ada@bücher.example") == "ada@xn--bcher-kva.example"
    assert addresses.from_ascii("ada@xn--bcher-kva.example") == "ada@bücher.example"


@given(st.text(max_size=200))
def test_no_subject_adds_a_header(subject: str):
    try:
        read = as_read(written(subject=subject))
    except NotMailable:
        return

    assert sorted(read.keys()) == ["Content-Transfer-Encoding", "Content-Type", "From", "MIME-Version", "Subject", "To"]


@given(st.text(max_size=80))
def test_no_address_adds_a_header_or_a_recipient(local: str):
    try:
        read = as_read(written(to=f"{local}@example.com"))
    except NotMailable:
        return

    assert sorted(read.keys()) == ["Content-Transfer-Encoding", "Content-Type", "From", "MIME-Version", "Subject", "To"]
    assert len(read["To"].addresses) == 1
