"""Options that several commands take, described once."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else: a list as one document a line.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV; cells that a spreadsheet would calculate are quoted.")]
Goal = Annotated[str, typer.Argument(metavar="GOAL", help="The id of a goal, or its title.")]
Task = Annotated[str, typer.Argument(metavar="TASK", help="The id of a task of the goal, or its title.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Version = Annotated[
    int | None, typer.Option("--if-version", metavar="N", help="Only if it is still at this version.", min=1)
]
Cleared = Annotated[
    list[str] | None, typer.Option("--clear", metavar="FIELD", help="Empty this field; may be given several times.")
]
Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="May be given several times.")]
Again = Annotated[bool, typer.Option("--again", help="Do once more what was done before.")]
Report = Annotated[Path | None, typer.Option("--report", help="Write a line for each row: .csv or .jsonl.")]
