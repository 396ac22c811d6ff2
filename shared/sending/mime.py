"""E-mails as they are sent (RFC 5322, MIME): text, HTML beside it, and headers that no value can break out of."""

import contextlib
import re
from collections.abc import Mapping, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final, NamedTuple

from shared.sending import addresses
from shared.sending.addresses import NotMailable

# Seven bits, for not every server takes eight; SES takes lines of 1,000 characters, and these stay below 80.
_POLICY: Final = SMTP.clone(cte_type="7bit")
# https://www.rfc-editor.org/rfc/rfc8058: HTTPS; of a URL, what can stand between < and > on one line.
_URL: Final = re.compile(r"https://[!-;=?-~]+", re.ASCII)
_LONGEST_URL: Final = 900
# Of lists and mailings: none that says whom an e-mail is from or to, or how it is encoded.
_HEADER: Final = re.compile(r"(List|X)-[A-Za-z0-9-]{1,60}|Feedback-ID|Auto-Submitted", re.ASCII)
_VALUE: Final = re.compile(r"[!-~]([ -~]{0,898}[!-~])?", re.ASCII)


class Attachment(NamedTuple):
    """A file that goes with an e-mail; the media type is such as `application/pdf`."""

    file_name: str
    media_type: str
    content: bytes


class Mail(NamedTuple):
    """An e-mail to one recipient. With an `unsubscribe_url`, mail programs offer to unsubscribe by one click.

    Answers go to `reply_to`, if there is one that mail can be sent to.
    `headers` are those of lists and mailings: `List-…`, `X-…`, `Feedback-ID` and `Auto-Submitted`.
    """

    to: str
    subject: str
    text: str
    html: str | None = None
    unsubscribe_url: str | None = None
    headers: Mapping[str, str] = {}
    reply_to: str | None = None
    attachments: Sequence[Attachment] = ()


def write(mail: Mail, *, sender: str) -> bytes:
    """Return the e-mail as bytes. Raises NotMailable."""
    if not mail.subject.isprintable():
        raise NotMailable("a subject is one line")
    message = EmailMessage(policy=_POLICY)
    message["From"] = _address(sender)
    message["To"] = _address(mail.to)
    message["Subject"] = mail.subject
    if mail.reply_to is not None:
        with contextlib.suppress(NotMailable):
            message["Reply-To"] = _address(mail.reply_to)
    try:
        message.set_content(mail.text)
        if mail.html is not None:
            message.add_alternative(mail.html, subtype="html")
    except UnicodeError as error:
        raise NotMailable("a text that cannot be encoded") from error
    for each in mail.attachments:
        main, _, sub = each.media_type.partition("/")
        message.add_attachment(each.content, maintype=main, subtype=sub, filename=each.file_name)
    return _unsubscribing(mail.unsubscribe_url) + _given(mail.headers) + message.as_bytes()


def _address(address: str) -> Address:
    return Address(addr_spec=addresses.to_ascii(address))


def _unsubscribing(url: str | None) -> bytes:
    """Return the headers of RFC 8058. `EmailMessage` would encode a long URL, which no mail program could read."""
    if url is None:
        return b""
    if len(url) > _LONGEST_URL or not _URL.fullmatch(url):
        raise NotMailable("no URL to unsubscribe at")
    return f"List-Unsubscribe: <{url}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n".encode()


def _given(headers: Mapping[str, str]) -> bytes:
    """Return headers as they are, each on one line: what mail programs read in them must not be encoded."""
    for name, value in headers.items():
        if not _HEADER.fullmatch(name) or not _VALUE.fullmatch(value):
            raise NotMailable("a header that an e-mail does not take")
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()
