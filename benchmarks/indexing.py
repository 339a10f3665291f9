"""What building an index of 5,000 abstracts costs, and what an update of ten of them costs.

Run with ``python -m benchmarks.indexing FOLDER``, where FOLDER holds ``corpus.jsonl`` or ``corpus.jsonl.gz`` as BEIR
has it (https://github.com/beir-cellar/beir). Each abstract becomes one Markdown file, as in a folder of papers: an
update then has 5,000 files to look at and reads the ten that changed; with many abstracts to a file it would look at
fewer and read more. Timed is what ``temsiqa index`` does from taking the recipe to the last rename, the start of its
reading process included; loading the encoder is not.
"""

from __future__ import annotations

import gzip
import json
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
import yaml

from temsiqa.documents.worker import ReadingProcess
from temsiqa.index.build import Built, Inputs, build, is_current, recipe
from temsiqa.index.encode import Encoder, SentenceEncoder
from temsiqa.settings import Settings

ABSTRACTS, CHANGED, UPDATES = 5000, 10, 5


def abstracts(folder: Path) -> Iterator[dict[str, str]]:
    """The documents of a BEIR collection: ``_id``, ``title``, ``text``."""
    packed = folder / "corpus.jsonl.gz"
    with gzip.open(packed, "rt", encoding="utf-8") if packed.exists() else (folder / "corpus.jsonl").open() as lines:
        yield from map(json.loads, lines)


def write_corpus(documents: Iterable[dict[str, str]], corpus: Path) -> list[Path]:
    """One Markdown file a document."""
    corpus.mkdir()
    paths = []
    for document in documents:
        paths.append(corpus / f"{document['_id']}.md")
        head = yaml.safe_dump({"title": document["title"]}, allow_unicode=True)
        paths[-1].write_text(f"---\n{head}---\n# {document['title']}\n\n{document['text']}\n", encoding="utf-8")
    return paths


def build_index(index: Path, corpus: Path, encoder: Encoder) -> tuple[float, Built]:
    """Seconds, and what was built."""
    settings = Settings(corpus=corpus, index=index)
    inputs = Inputs(corpus, settings.encoder, settings.glossary)
    start = time.perf_counter()
    wanted = recipe(inputs)
    assert not is_current(index, wanted)
    with ReadingProcess(settings.limits) as read:
        built = build(index, inputs, wanted, encoder, read, lambda stage, done, total: None, strict=False)
    return time.perf_counter() - start, built


def measure(collection: Path, results: Connection) -> None:
    """Builds once, then updates a few times, each with other changes."""
    encoder = SentenceEncoder()
    encoder.encode(["warm up"])
    loaded = _megabytes()
    with tempfile.TemporaryDirectory() as folder:
        paths = write_corpus(islice(abstracts(collection), ABSTRACTS), Path(folder) / "corpus")
        seconds, built = build_index(Path(folder) / "index", Path(folder) / "corpus", encoder)
        peak = _megabytes()
        updates = []
        for number in range(UPDATES):
            for path in paths[number * CHANGED : (number + 1) * CHANGED]:
                with path.open("a", encoding="utf-8") as file:
                    file.write(f"\nThis was seen again in round {number} of {path.stem}.\n")
            updates.append(build_index(Path(folder) / "index", Path(folder) / "corpus", encoder))
    median = statistics.median(update for update, _ in updates)
    results.send(
        {
            "documents": built.manifest.documents,
            "not_read": len(built.manifest.problems),
            "passages": built.manifest.passages,
            "sentences": built.manifest.sentences,
            "texts_encoded": built.changes.encoded,
            "full_build_s": seconds,
            "updates_s": [update for update, _ in updates],
            "update_median_s": median,
            "update_texts_encoded": [changed.changes.encoded for _, changed in updates],
            "full_build_by_update": seconds / median,
            "loaded_mb": loaded,
            "full_build_peak_mb": peak,
            "with_updates_peak_mb": _megabytes(),
            "load_average": psutil.getloadavg(),
        }
    )


def _megabytes() -> float:
    """The most memory that this process has held so far, in 10^6 bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def main() -> None:
    """Prints one JSON object. A process of its own measures, so that its peak is that of indexing alone."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=measure, args=(Path(sys.argv[1]), sender))
    process.start()
    sender.close()
    figures = receiver.recv()
    process.join()
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
