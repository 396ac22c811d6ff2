"""E-mails as they are sent (RFC 5322, MIME): text, HTML beside it, and headers that no value can break out of."""

import re
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


class Mail(NamedTuple):
    """An e-mail to one recipient. With an `unsubscribe_url`, mail programs offer to unsubscribe by one click."""

    to: str
    subject: str
    text: str
    html: str | None = None
    unsubscribe_url: str | None = None


def write(mail: Mail, *, sender: str) -> bytes:
    """Return the e-mail as bytes. Raises NotMailable."""
    if not mail.subject.isprintable():
        raise NotMailable("a subject is one line")
    message = EmailMessage(policy=_POLICY)
    message["From"] = _address(sender)
    message["To"] = _address(mail.to)
    message["Subject"] = mail.subject
    try:
        message.set_content(mail.text)
        if mail.html is not None:
            message.add_alternative(mail.html, subtype="html")
    except UnicodeError as error:
        raise NotMailable("a text that cannot be encoded") from error
    return _unsubscribing(mail.unsubscribe_url) + message.as_bytes()


def _address(address: str) -> Address:
    return Address(addr_spec=addresses.to_ascii(address))


def _unsubscribing(url: str | None) -> bytes:
    """Return the headers of RFC 8058. `EmailMessage` would encode a long URL, which no mail program could read."""
    if url is None:
        return b""
    if len(url) > _LONGEST_URL or not _URL.fullmatch(url):
        raise NotMailable("no URL to unsubscribe at")
    return f"List-Unsubscribe: <{url}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n".encode()
