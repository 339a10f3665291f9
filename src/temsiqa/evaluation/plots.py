"""What a run looks like, drawn: each plot is one SVG text, the same bytes for the same run, for inside a page.

Words stay words and take the font of the page, ink takes its colour. Nothing is told by colour alone; the colours are
told apart by the colour-blind (Wong 2011, doi 10.1038/nmeth.1618) and in grey print.
"""

from __future__ import annotations

import re
from collections import Counter
from io import StringIO
from typing import Any

import numpy as np
from lxml import etree
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from temsiqa.evaluation.curves import answerable, answers_given, reliability, risk_coverage
from temsiqa.evaluation.runs import Run
from temsiqa.evaluation.score import ItemScore
from temsiqa.evaluation.testset import Expected
from temsiqa.model import Outcome

WIDTH, HEIGHT = 4.4, 3.3  # inches: on a phone a point is a pixel then
INK, BLUE, ORANGE = "#1a2530", "#0072b2", "#d55e00"
MOST_SLICES = 24  # more bars than that are nothing to look at; the table has them all
_SVG = "http://www.w3.org/2000/svg"
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "temsiqa",
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    **dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), INK),
}


def plots(run: Run) -> tuple[str, ...]:
    """Every plot for which the run has something to show, as SVG."""
    drawn = (pass_rates(run), confusion(run), risk(run), calibration(run), lengths(run))
    return tuple(plot for plot in drawn if plot)


def pass_rates(run: Run) -> str | None:
    """Pass rate by slice with its 95 % interval, the worst at the bottom; None where nothing is judged."""
    found = {name: measures["passed"] for name, measures in run.summary.items() if "passed" in measures}
    shown = [(name, one.value, one.low, one.high, one.items) for name, one in found.items() if one.value is not None]
    if not shown:
        return None
    first, *others = shown
    rows = [first, *sorted(others, key=lambda row: (-row[1], row[0]))]
    note = ""
    if len(rows) > MOST_SLICES:
        rows, note = [first, *rows[-MOST_SLICES + 1 :]], f", the worst {MOST_SLICES - 1} slices"
    figure, axes = _figure(max(1.6, 0.26 * len(rows) + 0.9))
    places = np.arange(len(rows))[::-1]
    values = np.array([row[1] for row in rows])
    bounds = np.array([[low if low is not None else v, high if high is not None else v] for _, v, low, high, _ in rows])
    off = np.abs(bounds.T - values)
    axes.errorbar(values, places, xerr=off, fmt="o", color=BLUE, ecolor=INK, elinewidth=1, capsize=2.5, markersize=5)
    axes.axvline(first[1], color=INK, linewidth=0.8, linestyle=":")
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.6, len(rows) - 0.4), xlabel="share that passes")
    axes.set_yticks(places, [f"{_plain(row[0], 28)} ({row[4]})" for row in rows])
    said = "; ".join(f"{row[0]} {row[1]:.2f} of {row[4]}" for row in rows)
    return _svg(
        figure,
        "pass-rates",
        f"Pass rate by slice, 95 % interval{note}",
        f"{said}. The dotted line is the pass rate over all.",
    )


def confusion(run: Run) -> str | None:
    """How often each expected behaviour met each outcome; None where no behaviour is expected."""
    counted = Counter((score.expected, done(score)) for score in run.scores if score.expected)
    if not counted:
        return None
    wanted = [one for one in Expected if any(expected is one for expected, _ in counted)]
    table = np.array([[counted[one, outcome] for outcome in Outcome] for one in wanted])
    shares = table / table.sum(axis=1, keepdims=True)
    figure, axes = _figure(0.45 * len(wanted) + 1.3)
    axes.pcolormesh(shares, cmap="Blues", vmin=0, vmax=1, edgecolors=INK, linewidth=0.4)
    for (row, column), count in np.ndenumerate(table):
        ink = "#ffffff" if shares[row, column] > 0.55 else "#000000"
        axes.text(column + 0.5, row + 0.5, str(count), ha="center", va="center", color=ink)
    axes.set_xticks(np.arange(len(Outcome)) + 0.5, [one.replace("_", "\n") for one in Outcome], fontsize=9)
    axes.set_yticks(np.arange(len(wanted)) + 0.5, [one.replace("_", " ") for one in wanted])
    axes.set(xlabel="what was done", ylabel="expected")
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    said = "; ".join(f"{expected} met with {outcome} {count}" for (expected, outcome), count in sorted(counted.items()))
    return _svg(figure, "confusion", "Expected and done, number of items", f"{said}.")


def risk(run: Run) -> str | None:
    """Share of wrong answers over the share of questions answered, the most certain first; None without answers."""
    certainty, right = answers_given(run.scores)
    if not len(certainty):
        return None
    share_wrong = risk_coverage(certainty, right)
    coverage = np.arange(1, len(certainty) + 1) / len(answerable(run.scores)[0])
    figure, axes = _figure()
    axes.plot(coverage, share_wrong, color=BLUE, linewidth=1.8, drawstyle="steps-post")
    axes.plot(coverage[-1], share_wrong[-1], "o", color=ORANGE, markersize=7)
    axes.set(xlim=(0, 1), ylim=(0, max(0.1, share_wrong.max() * 1.1)))
    axes.set(xlabel="share of questions answered, most certain first", ylabel="share of wrong ones")
    said = (
        f"At the end {coverage[-1]:.2f} of the questions are answered, {share_wrong[-1]:.2f} of the answers are wrong."
    )
    return _svg(figure, "risk", "Risk over coverage", f"{said} The dot marks where this build stops.")


def calibration(run: Run) -> str | None:
    """Share of right answers over the stated probability, in ten bins; None without answers."""
    certainty, right = answers_given(run.scores)
    if not len(certainty):
        return None
    size, mean, share = reliability(certainty, right)
    filled = size > 0
    figure, axes = _figure()
    axes.plot([0, 1], [0, 1], color=INK, linewidth=0.8, linestyle=":")
    axes.plot(mean[filled], share[filled], color=BLUE, linewidth=1)
    axes.scatter(mean[filled], share[filled], s=20 + 180 * size[filled] / size.sum(), color=BLUE, zorder=3)
    for x, y, count in zip(mean[filled], share[filled], size[filled], strict=True):
        axes.annotate(str(count), (x, y), (0, 9), textcoords="offset points", ha="center", fontsize=9, color=INK)
    axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.13), xlabel="stated probability", ylabel="share of right answers")
    axes.set_yticks(np.linspace(0, 1, 6))
    rows = zip(mean[filled], share[filled], size[filled], strict=True)
    said = "; ".join(f"stated {x:.2f}, right {y:.2f} of {count}" for x, y, count in rows)
    return _svg(
        figure, "calibration", "Reliability, with the number of answers", f"{said}. On the dotted line both agree."
    )


def lengths(run: Run) -> str | None:
    """How many answers are how long; None without answers."""
    words = np.array([score.counts["words"][0] for score in run.scores if "words" in score.counts])
    if not len(words):
        return None
    figure, axes = _figure()
    axes.hist(words, bins=min(20, max(4, len(words) // 5)), color=BLUE, edgecolor="#ffffff", linewidth=0.6)
    median, long = np.median(words), np.quantile(words, 0.95)
    axes.axvline(median, color=ORANGE, linewidth=1.6)
    axes.axvline(long, color=ORANGE, linewidth=1.6, linestyle="--")
    axes.set(xlabel="words of what is answered", ylabel="answers", xlim=(0, None))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    said = f"Median {median:.0f} words (line), 95th percentile {long:.0f} (dashed), of {len(words)} answers."
    return _svg(figure, "lengths", "Length of answers", said)


def done(score: ItemScore) -> Outcome:
    """What became of the question: where nothing was said, an abstention, whatever the outcome is called."""
    return Outcome.ABSTAINED if score.abstained else score.outcome


def _figure(height: float = HEIGHT) -> tuple[Figure, Axes]:
    with rc_context(_STYLE):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        return figure, figure.subplots()


def _plain(text: str, most: int) -> str:
    """``text`` as a label: no mathematics in it, not longer than ``most``, nothing that XML cannot hold."""
    text = "".join(character if character.isprintable() else " " for character in text)
    return (text if len(text) <= most else f"{text[: most - 1]}…").replace("$", r"\$")


def _svg(figure: Figure, name: str, title: str, description: str) -> str:
    """The figure as an element for a page: named for screen readers, ids of its own, as wide as there is room."""
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold", color=INK)
    buffer = StringIO()
    with rc_context(_STYLE):
        figure.savefig(buffer, format="svg", transparent=True)
    root = etree.fromstring(buffer.getvalue().encode(), etree.XMLParser(remove_comments=True))
    for element in root.xpath("//*[local-name()='metadata' or local-name()='style']"):
        element.getparent().remove(element)
    _own_ids(root, name)
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = etree.Element(f"{{{_SVG}}}{tag}", id=f"{name}-{tag}")
        element.text = "".join(character if character.isprintable() else " " for character in text)
        root.insert(place, element)
    for size in ("width", "height"):
        del root.attrib[size]
    root.attrib.update({"role": "img", "aria-labelledby": f"{name}-title {name}-desc", "class": "plot"})
    text = etree.tostring(root, encoding="unicode")
    text = re.sub(r"font-family: [^;\"]*;? ?", "", text)  # the page's font, whatever it was laid out with
    return text.replace(INK, f"var(--ink, {INK})")


def _own_ids(root: etree._Element, name: str) -> None:
    """Several plots share a page: what is referred to gets ``name`` before its id, the other ids go."""
    text = etree.tostring(root, encoding="unicode")
    used = set(re.findall(r"(?:href=\"|url\()#([\w-]+)", text))
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if key == "id" and value not in used:
                del element.attrib[key]
            elif key == "id":
                element.attrib[key] = f"{name}-{value}"
            elif key.endswith("href"):
                element.attrib[key] = f"#{name}-{value[1:]}"
            elif value.startswith("url(#"):
                element.attrib[key] = f"url(#{name}-{value[5:]}"
