"""A document as a page of HTML: it has no script, asks for nothing from anywhere, and can be printed. Pure."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from html import escape
from typing import Final

from functions.payments.papers.content import Paper, Party, Row

MEDIA_TYPE: Final = "text/html; charset=utf-8"
STYLE: Final = """
body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #1b2328; }
h1 { margin: 0; font-size: 1.6rem; }
h2 { margin: 0; font-size: 0.9rem; color: #5a656b; }
.parties { display: flex; flex-wrap: wrap; gap: 2rem; margin: 1.5rem 0; }
.parties section { flex: 1 1 16rem; }
p, li { margin: 0; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; }
dd { margin: 0; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; border-bottom: 1px solid #d5dadc; }
td { overflow-wrap: anywhere; }
.n { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
.sums { width: auto; margin: 1rem 0 1.5rem auto; }
.sums tr:last-child { font-weight: bold; }
footer { margin-top: 1.5rem; }
"""
_COLUMNS: Final = (("No.", ""), ("Description", ""), ("Quantity", "n"), ("Price", "n"), ("Tax", "n"), ("Net", "n"))


def policy() -> str:
    """Return the content security policy of a page: its style by its hash, and nothing else, least of all scripts."""
    digest = b64encode(sha256(STYLE.encode()).digest()).decode()
    return (
        f"sandbox; default-src 'none'; style-src 'sha256-{digest}'; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def page(paper: Paper) -> str:
    """Return the page of a document."""
    title = escape(f"{paper.title} {paper.number}")
    return (
        f'<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width">'
        f"<title>{title}</title><style>{STYLE}</style><h1>{title}</h1>"
        f"<div class=parties>{''.join(map(_party, paper.parties))}</div>{_facts(paper.facts)}"
        f"<table><thead>{_row([name for name, _ in _COLUMNS], 'th')}</thead>"
        f"<tbody>{''.join(_line(each) for each in paper.rows)}</tbody></table>{_sums(paper.sums)}"
        f"{_paragraphs(paper.notes)}{_bank(paper.bank_lines)}</html>\n"
    )


def _party(party: Party) -> str:
    return f"<section><h2>{escape(party.heading)}</h2>{_paragraphs(party.lines)}</section>"


def _paragraphs(lines: Iterable[str]) -> str:
    return "".join(f"<p>{escape(each)}</p>" for each in lines)


def _facts(facts: Iterable[tuple[str, str]]) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    return f"<dl>{rows}</dl>"


def _line(row: Row) -> str:
    return _row([row.number, row.description, row.quantity, row.price, row.tax, row.net], "td")


def _row(texts: Sequence[str], tag: str) -> str:
    cells = [
        f"<{tag}{' class=' + kind if kind else ''}>{escape(text)}</{tag}>"
        for text, (_, kind) in zip(texts, _COLUMNS, strict=True)
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _sums(sums: Iterable[tuple[str, str]]) -> str:
    rows = "".join(f"<tr><td>{escape(name)}</td><td class=n>{escape(value)}</td></tr>" for name, value in sums)
    return f"<table class=sums>{rows}</table>"


def _bank(lines: Sequence[str]) -> str:
    return f"<footer><h2>Pay to</h2>{_paragraphs(lines)}</footer>" if lines else ""
