from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from evaluation_support import item, reply
from report_support import HOSTILE, run_of
from temsiqa.evaluation.plots import MOST_SLICES, calibration, confusion, lengths, pass_rates, plots, risk
from temsiqa.evaluation.runs import Run

SVG = {"svg": "http://www.w3.org/2000/svg"}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_of(tmp_path_factory.mktemp("runs") / "small")


def texts(plot: str | None) -> list[str]:
    assert plot
    return [str(text) for text in etree.fromstring(plot.encode()).xpath("//svg:text//text()", namespaces=SVG)]


def test_are_the_same_bytes_every_time(small: Run) -> None:
    assert plots(small) == plots(run_of(small.folder))
    assert len(plots(small)) == 5


def test_name_and_describe_themselves(small: Run) -> None:
    for plot in plots(small):
        root = etree.fromstring(plot.encode())
        labels = root.get("aria-labelledby", "").split()
        said = [root.xpath(f"//*[@id='{label}']")[0].text for label in labels]
        assert root.get("role") == "img"
        assert len(said) == 2
        assert all(said)


def test_share_no_id_and_refer_to_their_own(small: Run) -> None:
    page = "".join(plots(small))
    ids = re.findall(r'\bid="([^"]+)"', page)
    used = set(re.findall(r'(?:href="|url\()#([^")]+)', page))
    assert len(ids) == len(set(ids))
    assert used
    assert used <= set(ids)


def test_style_nothing_outside_and_load_nothing(small: Run) -> None:
    page = "".join(plots(small))
    assert "<style" not in page
    assert "<image" not in page
    assert not re.search(r'(?:href|src)="(?!#)', page)


def test_words_stay_words_in_the_ink_of_the_page(small: Run) -> None:
    plot = risk(small) or ""
    assert "share of wrong ones" in texts(plot)
    assert "var(--ink" in plot
    assert "font-family" not in plot
    assert "DejaVu" not in plot


def test_pass_rates_name_each_slice_with_its_number(small: Run) -> None:
    labels = texts(pass_rates(small))
    assert "all (6)" in labels
    assert "type:lookup (2)" in labels
    assert "lookup 0.50 of 2" in (pass_rates(small) or "")


def test_pass_rates_of_many_slices_show_the_worst(tmp_path: Path) -> None:
    wanted = ("answer", *["abstain"] * (MOST_SLICES + 5))
    items = [item(id=f"q{n}-{i}", expected=one, slices=[f"s{n}"]) for n, one in enumerate(wanted) for i in range(2)]
    labels = texts(pass_rates(run_of(tmp_path / "many", [reply(name=one.id) for one in items], items)))
    assert "s0 (2)" in labels
    assert sum(label.endswith(")") for label in labels) == MOST_SLICES


def test_confusion_counts_what_was_expected_and_done(small: Run) -> None:
    said = confusion(small) or ""
    assert "abstain met with answered 1" in said
    assert "abstain met with abstained 1" in said
    assert "answer met with answered 4" in said


def test_risk_ends_where_the_build_stops(small: Run) -> None:
    assert "At the end 0.83 of the questions are answered, 0.40 of the answers are wrong" in (risk(small) or "")


def test_calibration_tells_stated_from_right(small: Run) -> None:
    assert "stated 0.90, right 1.00 of 1" in (calibration(small) or "")


def test_lengths_tell_the_median(small: Run) -> None:
    assert "of 5 answers" in (lengths(small) or "")


def test_hostile_names_are_drawn_as_text(small: Run) -> None:
    plot = pass_rates(small) or ""
    assert HOSTILE not in plot
    assert "&lt;script&gt;" in plot


def test_nothing_is_drawn_of_nothing(tmp_path: Path) -> None:
    items = [item(id="open", expected=None)]
    assert plots(run_of(tmp_path / "open", [reply(name="open")], items)) == ()
