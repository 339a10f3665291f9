"""What tests of reports share: two small runs, in which everything that others write tries to break out of the page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from evaluation_support import TEXT, OneDocument, citation, item, reply
from temsiqa.evaluation.measures import score
from temsiqa.evaluation.runs import Run, RunManifest
from temsiqa.evaluation.score import judge
from temsiqa.evaluation.systems import Reply
from temsiqa.evaluation.testset import Item
from temsiqa.model import Outcome

SCRIPT = "<script>document.title='broken'</script>"
HOSTILE = f"{SCRIPT}\"'><img src=x onerror=alert(1)> {{{{ 7*7 }}}} | @all #1 `x` ]]> \x00\x1b\u202e end"
WEEKLY, MINUTES, HALF_LIFE = "once a week", "The infusion takes 30 to 60 minutes.", "The half-life is 17 hours."

ITEMS = (
    item(id="passes", question="How long?", facts=[["30 to 60"]], slices=["type:lookup"], documents=["giving.md"]),
    item(id="wrong", question="What is the half-life?", facts=[["17 hours"], ["plasma"]], slices=["type:lookup"]),
    item(id="shifted", question="How often?", facts=["once a week"], slices=["type:table"]),
    item(id="silent", question="Is it dear?", expected="abstain", slices=["type:out"]),
    item(id="said too much", question="Will it rain?", expected="abstain", slices=["type:out"]),
    item(id=HOSTILE, question=HOSTILE, history=[HOSTILE], facts=[HOSTILE], answers=[HOSTILE], slices=[HOSTILE]),
    item(id="open", question="Anything?", expected=None, slices=[HOSTILE]),
)
REPLIES = (
    reply(MINUTES, name="passes", found=["guides/giving.md"], probability=0.9),
    reply(HALF_LIFE, name="wrong", probability=0.8),
    reply(WEEKLY, name="shifted", citations=[citation(WEEKLY, shift=1)], probability=0.7),
    reply(name="silent", probability=0.1),
    reply(MINUTES, name="said too much", probability=0.4),
    reply(HOSTILE, name=HOSTILE, citations=[citation(HOSTILE, document=HOSTILE)], notice=HOSTILE, probability=0.3),
    reply(name="open", outcome=Outcome.REFERRED, notice="Ask your team."),
)
FAILED = ("wrong", "shifted", "said too much", HOSTILE)


def run_of(folder: Path, replies: Sequence[Reply] = REPLIES, items: Sequence[Item] = ITEMS) -> Run:
    """A run over ``TEXT`` that was answered by ``replies``, with times to answer."""
    folder.mkdir(exist_ok=True)
    times = ({"id": each.id, "seconds": n / 10} for n, each in enumerate(items, 1))
    (folder / "timings.jsonl").write_text("".join(json.dumps(line) + "\n" for line in times), encoding="utf-8")
    manifest = RunManifest(
        set="small",
        set_sha256="0" * 64,
        items=len(items),
        version="1",
        system={"kind": "local", "generation": "g1", "note": HOSTILE},
    )
    scores = [score(judge(one, said, OneDocument())) for one, said in zip(items, replies, strict=True)]
    return Run(folder, manifest, tuple(items), tuple(replies), tuple(scores))


def later_replies() -> tuple[Reply, ...]:
    """Other answers to the same items: one comes to pass, one to fail, one says the same in other words."""
    changed = {
        "passes": reply(name="passes", probability=0.2),
        "said too much": reply(name="said too much", probability=0.2),
        "wrong": reply(HALF_LIFE, TEXT[:35], name="wrong", probability=0.8),
        HOSTILE: reply(f"other {HOSTILE}", name=HOSTILE, citations=[citation(HOSTILE)], probability=0.3),
    }
    return tuple(changed.get(each.id, each) for each in REPLIES)
