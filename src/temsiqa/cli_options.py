"""What the commands share: where they write, and the options that several of them take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

out = Console()
err = Console(stderr=True)

IndexOption = Annotated[
    Path | None, typer.Option("--index", help="Index folder (default: indexes)", show_default=False)
]
CorpusOption = Annotated[
    Path | None, typer.Option("--corpus", help="Folder of the literature (default: corpus)", show_default=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON, for programs.")]
