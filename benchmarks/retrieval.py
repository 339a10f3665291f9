"""How well documents are found: nDCG@10 and recall at 100 of the three rankings, on a public collection.

Run with ``python -m benchmarks.retrieval FOLDER INDEX``, where FOLDER holds ``corpus``, ``queries`` (both ``.jsonl`` or
``.jsonl.gz``) and ``qrels/test.tsv`` as BEIR has them (https://github.com/beir-cellar/beir); INDEX is built from it
unless it was before. The same runs come from ``temsiqa search --queries … --run … --by …``.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import ir_measures
from ir_measures import Qrel, R, nDCG

from temsiqa.assistant import Assistant
from temsiqa.model import Audience
from temsiqa.retrieval.run import By, read_queries, run_lines
from temsiqa.settings import Settings

MEASURES = (nDCG @ 10, R @ 100)
DEPTH = 100


def judgments(path: Path) -> list[Qrel]:
    """What is relevant to which query, from a table with a head."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [Qrel(row["query-id"], row["corpus-id"], int(row["score"])) for row in rows]


def judged_queries(folder: Path, judged: list[Qrel]) -> dict[str, str]:
    """The queries that have judgments."""
    (path,) = folder.glob("queries.jsonl*")
    names = {qrel.query_id for qrel in judged}
    return {name: text for name, text in read_queries(path).items() if name in names}


def main() -> None:
    """Prints one JSON object."""
    folder, index = map(Path, sys.argv[1:])
    subprocess.run(["temsiqa", "index", "--corpus", folder, "--index", index], check=True, stdout=sys.stderr)
    assistant, judged = (
        Assistant.open(Settings(index=index, cross_encoder=False)),
        judgments(folder / "qrels" / "test.tsv"),
    )
    queries = judged_queries(folder, judged)
    figures: dict[str, object] = {"generation": assistant.generation.name, "queries": len(queries)}
    for by in By:
        run = "".join(run_lines(assistant, queries, by, Audience.STAFF, DEPTH))
        found = list(ir_measures.read_trec_run(run))  # type: ignore[no-untyped-call]
        measured = ir_measures.calc_aggregate(MEASURES, judged, found)
        figures[by.value] = {str(measure): round(measured[measure], 4) for measure in MEASURES}
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
