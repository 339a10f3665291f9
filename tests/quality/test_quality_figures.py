"""The arithmetic of ``make quality`` on cases worked by hand, and that every part it takes away is still there."""

from __future__ import annotations

import pytest

from benchmarks.quality.ablation import PARTS, Part, without
from benchmarks.quality.articles import locate
from benchmarks.quality.figures import overlap, paired_difference, share
from support import INFUSION_QUESTION, HashEncoder
from temsiqa.assistant import Assistant
from temsiqa.model import Span
from temsiqa.safety.policy import Policy, load_policy


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy()


def test_a_share_counts_and_nothing_measured_is_no_value() -> None:
    figure = share("set", "pass rate", [True, False])
    assert (figure.value, figure.count, figure.total) == (0.5, 1, 2)
    assert share("set", "pass rate", []).value is None


def test_without_any_change_the_interval_of_the_difference_is_a_point() -> None:
    assert paired_difference([True, False, True], [True, False, True]) == (0.0, 0.0, 0.0)
    assert paired_difference([True] * 5, [False] * 5) == (-1.0, -1.0, -1.0)


def test_the_interval_of_a_difference_is_that_of_its_binomial() -> None:
    # 20 of 100 are lost: the number lost in a resample is binomial(100, 0.2), whose 2.5 and 97.5 % quantiles are 12, 28
    value, low, high = paired_difference([True] * 100, [False] * 20 + [True] * 80)
    assert value == pytest.approx(-0.20)
    assert low == pytest.approx(-0.28, abs=0.0101)
    assert high == pytest.approx(-0.12, abs=0.0101)


def test_pairs_stay_together() -> None:
    """As many gained as lost: no difference, but one that is uncertain."""
    value, low, high = paired_difference([True, False] * 20, [False, True] * 20)
    assert value == 0
    assert low < 0 < high


@pytest.mark.parametrize(("before", "after"), [([], []), ([True], [True, False])])
def test_what_is_no_pair_is_refused(before: list[bool], after: list[bool]) -> None:
    with pytest.raises(ValueError, match=r"give at least one|argument"):
        paired_difference(before, after)


def test_spans_overlap_by_a_shared_character_and_not_by_touching() -> None:
    assert overlap(Span(0, 5), Span(4, 9))
    assert overlap(Span(0, 9), Span(3, 4))
    assert not overlap(Span(0, 5), Span(5, 9))
    assert not overlap(Span(5, 9), Span(0, 5))


def test_an_answer_is_found_where_it_was_marked() -> None:
    raw = "Cells die. Later  on\ncells die again."
    canonical = "A title on how cells die\n\nCells die. Later on cells die again."
    assert locate("Later  on", raw.index("Later"), raw, canonical) == Span(37, 45)
    second = locate("ells die", raw.index("ells die", 5), raw, canonical)
    assert second == Span(canonical.rindex("ells die"), canonical.rindex("ells die") + 8)
    assert locate("no such words", 0, raw, canonical) is None


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_every_part_can_be_taken_away(
    part: Part, tiny_assistant: Assistant, hash_encoder: HashEncoder, policy: Policy
) -> None:
    with without(part):
        assistant = Assistant(tiny_assistant.generation, hash_encoder, policy)
        assert assistant.answer(INFUSION_QUESTION).text


def test_without_abstention_there_is_always_an_answer(
    tiny_assistant: Assistant, hash_encoder: HashEncoder, policy: Policy
) -> None:
    question = "What is the price of the infusion?"
    assert tiny_assistant.answer(question).abstained
    (part,) = (part for part in PARTS if part.name == "abstention")
    with without(part):
        assert not Assistant(tiny_assistant.generation, hash_encoder, policy).answer(question).abstained
