"""A document as a PDF: the same document is always the same bytes, for it has neither a clock nor an id of chance."""

import io
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from functions.payments.papers import fonts, layout
from functions.payments.papers.content import Paper
from functions.payments.papers.layout import Placed


class Written(NamedTuple):
    """A document that is written, and how many pages it has."""

    body: bytes
    pages: int


def write(paper: Paper) -> Written:
    """Return the PDF of a document."""
    fonts.load()
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=layout.PAGE, invariant=1, pageCompression=1, lang="en")
    canvas.setTitle(f"{paper.title} {paper.number}")
    canvas.setCreator("Milepost")
    canvas.setProducer("Milepost")
    pages = layout.pages(paper, fonts.width)
    for page in pages:
        for each in page:
            if isinstance(each, Placed):
                _draw(canvas, each)
            else:
                height = layout.PAGE[1] - each.y
                canvas.line(layout.LEFT, height, layout.RIGHT, height)
        canvas.showPage()
    canvas.save()
    return Written(file.getvalue(), len(pages))


def _draw(canvas: Canvas, placed: Placed) -> None:
    x = placed.x if placed.at == "begin" else placed.x - fonts.width(placed.text, placed.size)
    text = canvas.beginText(x, layout.PAGE[1] - placed.y)
    for run in fonts.runs(placed.text):
        text.setFont(run.font, placed.size)
        text.textOut(run.text)
    canvas.drawText(text)
