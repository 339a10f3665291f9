"""A run as build servers read it: JUnit XML, an item a test case, the gates a suite of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree
from lxml.builder import E

from temsiqa.evaluation.gates import Verdict
from temsiqa.evaluation.report_page import Shown, shown
from temsiqa.evaluation.runs import Run

# What XML 1.0 cannot hold, escaped or not (section 2.2).
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAGS = {"failures": "failure", "skipped": "skipped"}


def report_junit(run: Run, gates: Sequence[Verdict] = ()) -> str:
    """JUnit XML. An item fails that does not pass or whose grounding is at fault; one that wants nothing is skipped."""
    suites = [_suite(run.manifest.set, [_item_case(run, one) for one in shown(run)])]
    if gates:
        suites.append(_suite("gates", [_gate_case(gate) for gate in gates]))
    root = E.testsuites(*suites, **_counts(suites))
    return etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8").decode()


def _item_case(run: Run, one: Shown) -> etree._Element:
    case = E.testcase(classname=_fit(run.manifest.set), name=_fit(one.item.id))
    if one.failed:
        kind = "answer" if one.score.failures else "grounding"
        case.append(E.failure(_fit(_text(one)), message=_fit("; ".join(one.reasons)), type=kind))
    elif one.score.passed is None:
        case.append(E.skipped(message="nothing is expected of it"))
    return case


def _text(one: Shown) -> str:
    said = [f"before: {line}" for line in one.item.history] + [f"question: {one.item.question}", *one.reasons]
    quotes = (f"[{n}] {cited.document}: {cited.quote}" for n, cited in enumerate(one.reply.citations, 1))
    return "\n".join([*said, "", one.reply.answer_text, *quotes])


def _gate_case(gate: Verdict) -> etree._Element:
    broken = [] if gate.kept else [E.failure(message=_fit(gate.text), type="gate")]
    return E.testcase(*broken, classname="gates", name=_fit(gate.text))


def _suite(name: str, cases: Sequence[etree._Element]) -> etree._Element:
    count = {kind: str(sum(case.find(tag) is not None for case in cases)) for kind, tag in _TAGS.items()}
    return E.testsuite(*cases, name=_fit(name), tests=str(len(cases)), errors="0", **count)


def _counts(suites: Sequence[etree._Element]) -> dict[str, str]:
    return {kind: str(sum(int(suite.get(kind, "0")) for suite in suites)) for kind in ("tests", "errors", *_TAGS)}


def _fit(text: str) -> str:
    return _UNFIT.sub("\ufffd", text)
