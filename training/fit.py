"""``python -m training.fit``: fits how likely a sentence answers, how likely there is an answer, where silence begins.

Logistic regression on the features of ``answering``: the first over single candidates, the second, on top of it, over
whole questions. The operating points are written where the package reads them; beside the documentation goes what every
threshold would cost: the risk-coverage curve (El-Yaniv and Wiener 2010, JMLR 11) as JSON and as a plot.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import typer
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from benchmarks.quality.bench import RememberingCrossEncoder, RememberingEncoder
from temsiqa.answering.cross_encoder import CrossEncoder
from temsiqa.answering.operating_point import SHIPPED, Logistic, OperatingPoint, OperatingPoints
from temsiqa.answering.select import Choice
from temsiqa.assistant import Assistant
from temsiqa.documents.worker import Limits, ReadingProcess
from temsiqa.index.build import Inputs, build, recipe
from temsiqa.index.encode import DEFAULT_ENCODER, Encoder, SentenceEncoder
from temsiqa.index.generation import Generation, load_current
from temsiqa.safety.policy import load_policy
from temsiqa.settings import Settings
from training.cases import Case, Part, development_cases, original_cases, other_cases, own_cases
from training.examples import rows

SENTENCE = ("sentence", "passage", "lexical", "covered", "question", "source", "expected", "aside")
ANSWER = ("best", "unknown", "topics", "size")
METHOD = (
    "logistic regression (L2, C = 1) on named features, by scikit-learn; threshold at which most comes out right, said "
    "or rightly left unsaid, where one question in seven has no answer: its mean over four sets of questions as people "
    "ask them, each judged by a model that has not seen it (ten folds)"
)
UNANSWERABLE = 1 / 7  # as in the development sets; the project's own sets hold far more near misses
SUBSETS, DOCUMENTS_IN_A_SUBSET = 3, 6
SEED = 20261120


class Group(NamedTuple):
    """Questions for one generation; ``asked`` names the set of those written as people ask, answered or not."""

    generation: Generation
    cases: list[Case]
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A case with what the assistant of one generation made of it."""

    case: Case
    sentence_features: NDArray[np.float32]
    sentence_labels: NDArray[np.bool_]
    answer_features: NDArray[np.float32]
    answerable: bool
    right: bool
    asked: str


def main(
    sets: Annotated[
        Path, typer.Argument(help="Folder with data/seedqa, data/productqa, data/training/squad and seeds.")
    ],
    curves: Annotated[Path, typer.Argument(help="Folder for the risk-coverage curve.")],
) -> None:
    """Fit both operating points and write them where the package reads them."""
    encoder, cross_encoder = RememberingEncoder(SentenceEncoder(DEFAULT_ENCODER)), RememberingCrossEncoder()
    with tempfile.TemporaryDirectory() as folder, ReadingProcess(Limits()) as read:

        def generation(corpus: Path) -> Generation:
            index = Path(folder) / f"index-{len(list(Path(folder).iterdir()))}"
            inputs = Inputs(corpus, DEFAULT_ENCODER, Settings().glossary)
            build(index, inputs, recipe(inputs), encoder, read, lambda stage, done, total: None, strict=False)
            return load_current(index)

        groups = list(_groups(sets, Path(folder), generation))
    points, curve = {}, {}
    for name, reader in (("with_cross_encoder", cross_encoder), ("without", None)):
        points[name], curve[name] = fit(groups, encoder, reader)
    SHIPPED.write_text(OperatingPoints(**points).model_dump_json(indent=2) + "\n", encoding="utf-8")
    curves.mkdir(parents=True, exist_ok=True)
    (curves / "risk-coverage.json").write_text(json.dumps(curve, indent=1) + "\n", encoding="utf-8")
    plot(curve, curves / "risk-coverage.svg")


def _groups(sets: Path, folder: Path, generation: Callable[[Path], Generation]) -> Iterator[Group]:
    """Generations of several sizes, each with questions that it answers and with others that it does not."""
    rng = random.Random(SEED)
    squad = sets / "data" / "training" / "squad" / "questions.jsonl.gz"
    elsewhere = list(other_cases(rng.sample([row["question"] for row in rows(squad, "dev")], 80)))
    originals, literature = generation(sets / "seeds"), generation(Path("corpus"))
    for of_set, name in ((originals, "seedqa"), (literature, "productqa")):
        yield Group(of_set, list(development_cases(sets / "data" / name / "dev.jsonl")), asked=name)
    yield Group(originals, list(original_cases(Part.FITTED)), asked="originals")
    yield Group(literature, list(own_cases(True, frozenset(literature.documents))), asked="literature")
    for of_set, others in ((originals, elsewhere[:40]), (literature, elsewhere[40:])):
        yield Group(of_set, others)
    for number in range(SUBSETS):
        chosen = rng.sample(sorted(literature.documents), DOCUMENTS_IN_A_SUBSET)
        cases = list(own_cases(True, frozenset(chosen)))
        answered = [case for case in cases if case.wanted]
        silent = rng.sample([case for case in cases if not case.wanted], len(answered))
        yield Group(generation(_subset(folder / f"corpus-{number}", chosen)), [*answered, *silent])


def _subset(folder: Path, documents: Sequence[str]) -> Path:
    for name in [*documents, "sources.yaml"]:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((Path("corpus") / name).read_bytes())
    return folder


def fit(
    groups: Sequence[Group], encoder: Encoder, cross_encoder: CrossEncoder | None
) -> tuple[OperatingPoint, list[dict[str, float]]]:
    """The operating point, and what each threshold would have cost."""
    names = (*SENTENCE, "cross") if cross_encoder else SENTENCE
    point = _unfitted(cross_encoder)
    seen = _see(groups, point, encoder, cross_encoder, names)
    features = np.concatenate([one.sentence_features for one in seen])
    labels = np.concatenate([one.sentence_labels for one in seen])
    point = point.model_copy(update={"sentence": _logistic(features, labels, names)})
    seen = _see(groups, point, encoder, cross_encoder, names)
    answers = np.array([one.answer_features for one in seen])
    answerable = np.array([one.answerable for one in seen])
    right = np.array([one.right for one in seen])
    folds = StratifiedKFold(10, shuffle=True, random_state=SEED)
    model = LogisticRegression(max_iter=1000)
    chances = cross_val_predict(model, answers, answerable, cv=folds, method="predict_proba")[:, 1]
    sets = np.array([one.asked for one in seen])
    asked = sets != ""
    threshold = _most_right(chances[asked], answerable[asked], right[asked], sets[asked])
    _report(chances[asked], answerable[asked], right[asked], threshold)
    fitted = {"answer": _logistic(answers, answerable, ANSWER), "threshold": threshold}
    return point.model_copy(update=fitted), risk_coverage(chances[asked], right[asked])


def _unfitted(cross_encoder: CrossEncoder | None) -> OperatingPoint:
    """A point that answers everything, by the one feature that ranks best alone."""
    best = "cross" if cross_encoder else "sentence"
    return OperatingPoint(
        method=METHOD,
        data="own questions on the literature, on parts of it and on the originals, development questions, questions "
        "on other matters",
        cross_encoder=cross_encoder.fingerprint if cross_encoder else None,
        sentence=Logistic(weights={best: 1.0}, intercept=0.0),
        answer=Logistic(weights={}, intercept=0.0),
        threshold=0.0,
    )


def _report(
    chances: NDArray[np.float64], answerable: NDArray[np.bool_], right: NDArray[np.bool_], threshold: float
) -> None:
    silent = chances < threshold
    typer.echo(
        f"{len(chances)} questions as asked, {answerable.sum()} answerable, {right.sum()} answered right if all are; "
        f"AUC {roc_auc_score(answerable, chances):.3f}; at {threshold:.3f} silent on {silent.sum()}, of them "
        f"{(silent & answerable).sum()} answerable, and F1 of silence {_f1_of_silence(silent, answerable):.3f}"
    )


def _see(
    groups: Sequence[Group],
    point: OperatingPoint,
    encoder: Encoder,
    cross_encoder: CrossEncoder | None,
    names: Sequence[str],
) -> list[Seen]:
    """What an assistant at ``point`` makes of every case that asks one thing, where the point decides on an answer."""
    seen, policy = [], load_policy()
    points = OperatingPoints(with_cross_encoder=point, without=point)
    for generation, cases, asked in groups:
        manifest = generation.manifest.model_copy(update={"operating_points": points})
        at_point = replace(generation, manifest=manifest)
        assistant = Assistant(at_point, encoder, policy, cross_encoder=cross_encoder)
        for case in cases:
            steps = assistant.walk(case.question, case.history, case.audience).steps
            choice = steps[0].choice
            if len(steps) == 1 and choice.candidates.numbers and not choice.features["missing"]:
                seen.append(_seen(case, choice, generation, names, asked))
    return seen


def _seen(case: Case, choice: Choice, generation: Generation, names: Sequence[str], asked: str) -> Seen:
    candidates = choice.candidates
    said = [(generation.documents[s.document], sentence) for s in choice.selections for sentence in s.sentences]
    return Seen(
        case,
        np.array([candidates.features[name] for name in names], dtype=np.float32).T,
        np.array([case.answers(generation.document_of(n), generation.sentences[n]) for n in candidates.numbers]),
        np.array([choice.features[name] for name in ANSWER], dtype=np.float32),
        case.wanted > 0,
        case.is_answered_by(said),
        asked,
    )


def _logistic(features: NDArray[np.float32], labels: NDArray[np.bool_], names: Sequence[str]) -> Logistic:
    model = LogisticRegression(max_iter=1000).fit(features, labels)
    weights = {name: round(float(weight), 4) for name, weight in zip(names, model.coef_[0], strict=True)}
    return Logistic(weights=weights, intercept=round(float(model.intercept_[0]), 4))


def _most_right(
    chances: NDArray[np.float64], answerable: NDArray[np.bool_], right: NDArray[np.bool_], sets: NDArray[np.str_]
) -> float:
    """The threshold at which most questions come out right, by the mean of their share over ``sets``."""
    groups = [sets == name for name in np.unique(sets)]
    thresholds = np.unique(np.round(chances, 3))
    shares = [sum(_share_right(chances[g] < t, answerable[g], right[g]) for g in groups) for t in thresholds]
    return round(float(thresholds[int(np.argmax(shares))]), 3)


def _share_right(silent: NDArray[np.bool_], answerable: NDArray[np.bool_], right: NDArray[np.bool_]) -> float:
    """The share that is answered right or rightly not answered, as if the share ``UNANSWERABLE`` had no answer."""
    said = float((right & ~silent)[answerable].mean()) if answerable.any() else 0.0
    unsaid = float(silent[~answerable].mean()) if not answerable.all() else 0.0
    return (1 - UNANSWERABLE) * said + UNANSWERABLE * unsaid


def _f1_of_silence(silent: NDArray[np.bool_], answerable: NDArray[np.bool_]) -> float:
    """2 × rightly silent / (silent + unanswerable)."""
    total = int(silent.sum() + (~answerable).sum())
    return 2 * int((silent & ~answerable).sum()) / total if total else 0.0


def risk_coverage(chances: NDArray[np.float64], right: NDArray[np.bool_]) -> list[dict[str, float]]:
    """For each share of questions that is answered, the most certain first: the share of wrong answers among them."""
    order = np.argsort(-chances, kind="stable")
    wrong = np.cumsum(~right[order])
    count = np.arange(1, len(order) + 1)
    return [
        {"coverage": round(n / len(order), 4), "risk": round(w / n, 4), "threshold": round(float(chances[i]), 4)}
        for n, w, i in zip(count.tolist(), wrong.tolist(), order.tolist(), strict=True)
    ][:: max(1, len(order) // 200)]


def plot(curves: dict[str, list[dict[str, float]]], path: Path) -> None:
    """Risk over coverage, one line a model."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    for name, curve in curves.items():
        axes.plot([p["coverage"] for p in curve], [p["risk"] for p in curve], label=name.replace("_", " "))
    axes.set(xlabel="share of questions answered", ylabel="share of wrong answers among them", ylim=(0, None))
    axes.legend()
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    typer.run(main)
