"""The two small pages that people see who get messages: unsubscribing, and confirming a consent. Pure.

They have no scripts, ask for nothing from anywhere, and work in any browser; each has one form, which is sent to where
the page came from.
"""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from typing import Final

from functions.audience.respect.wording import Texts

STYLE: Final = """
:root { color-scheme: light dark; font: 1.05rem/1.6 system-ui, sans-serif; }
body { margin: 0; color: light-dark(#1b2328, #e8ebea); background: light-dark(#f6f5f1, #12171a); }
main { max-width: 34rem; margin: 0 auto; padding: 3rem 1.25rem; }
h1 { font-size: 1.6rem; line-height: 1.25; }
fieldset { margin: 1.5rem 0; padding: 0; border: 0; }
label { display: flex; gap: 0.75rem; align-items: center; min-height: 2.75rem; }
input { width: 1.5rem; height: 1.5rem; flex: none; }
blockquote { margin: 1.5rem 0; padding: 0 0 0 1rem; border-left: 0.25rem solid currentColor; white-space: pre-line; }
button { display: block; width: 100%; min-height: 2.75rem; margin: 0.75rem 0; padding: 0.5rem 1rem; font: inherit;
  color: light-dark(#fff, #06221c); background: light-dark(#0b6b5d, #5ed0b6); border: 0; border-radius: 0.4rem; }
button.more { color: inherit; background: none; border: 1px solid currentColor; }
:focus-visible { outline: 3px solid light-dark(#0b6b5d, #5ed0b6); outline-offset: 3px; }
p, li, blockquote { overflow-wrap: anywhere; }
"""
MEDIA_TYPE: Final = "text/html; charset=utf-8"


def policy() -> str:
    """Return the content security policy of the pages: their style by its hash, and forms to where they came from."""
    digest = b64encode(sha256(STYLE.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def unsubscribe(texts: Texts, sender: str | None, topics: Mapping[str, str], chosen: str | None) -> str:
    """Return the page that asks what somebody no longer wants; `topics` are their names, `chosen` the message's."""
    if not topics:
        return _page(texts, texts.unsubscribe, f"<form method=post>{_button(texts.everything, 'all')}</form>")
    asked = texts.choose if sender is None else texts.choose_from.format(sender=sender)
    boxes = "".join(_box(topic, name, is_chosen=topic == chosen) for topic, name in topics.items())
    form = (
        f"<form method=post><fieldset><legend>{escape(asked)}</legend>{boxes}</fieldset>"
        f"{_button(texts.these, 'choose')}{_button(texts.everything, 'all', kind=' class=more')}</form>"
    )
    return _page(texts, texts.unsubscribe, form)


def unsubscribed(texts: Texts, topics: Mapping[str, str]) -> str:
    """Return the page that says what somebody has unsubscribed from: these topics by their names, or everything."""
    told = texts.left.format(topics=", ".join(topics.values())) if topics else texts.left_everything
    return _page(texts, texts.unsubscribe, _said(told))


def nothing_chosen(texts: Texts) -> str:
    """Return the page that says that nothing was chosen."""
    return _page(texts, texts.unsubscribe, _said(texts.nothing))


def opt_in(texts: Texts, sender: str | None, text: str) -> str:
    """Return the page that asks somebody to confirm what they agree to, which is this text."""
    asked = texts.asked if sender is None else texts.asked_from.format(sender=sender)
    form = f"<form method=post>{_button(texts.yes, 'agree')}</form>"
    return _page(texts, texts.confirm, f"<p>{escape(asked)}<blockquote>{escape(text)}</blockquote>{form}")


def opted_in(texts: Texts) -> str:
    """Return the page that says that somebody has agreed."""
    return _page(texts, texts.confirmed, "")


def no_link(texts: Texts) -> str:
    """Return the page of a link that is none."""
    return _page(texts, texts.no_link, _said(texts.no_link_hint))


def over(texts: Texts) -> str:
    """Return the page of a link that has ended."""
    return _page(texts, texts.over, _said(texts.over_hint))


def _page(texts: Texts, title: str, content: str) -> str:
    return (
        f'<!doctype html><html lang="{texts.language}"><head><meta charset=utf-8>'
        '<meta name=viewport content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{content}</main></body></html>"
    )


def _said(text: str) -> str:
    return f"<p role=status>{escape(text)}</p>"


def _button(text: str, name: str, *, kind: str = "") -> str:
    return f"<button{kind} name={name} value=1>{escape(text)}</button>"


def _box(topic: str, name: str, *, is_chosen: bool) -> str:
    checked = " checked" if is_chosen else ""
    return f'<label><input type=checkbox name=topic value="{escape(topic)}"{checked}> {escape(name)}</label>'
