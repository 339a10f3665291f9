from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from temsiqa.evaluation.reading import check_test_set, read_test_set

Write = Callable[[str, str | bytes], Path]
XML = """<?xml version="1.0" encoding="{encoding}"?>
<Document id="0000001" source="GARD" url="https://example.org/1">
<Focus>Ménière disease</Focus>
<FocusAnnotations><UMLS><CUIs><CUI>C0025281</CUI></CUIs></UMLS></FocusAnnotations>
<QAPairs>
\t<QAPair pid="1">
\t\t<Question qid="0000001-1" qtype="information">What is Ménière disease ?</Question>
\t\t<Answer>A disorder of the
  inner ear.</Answer>
\t</QAPair>
\t<QAPair pid="2">
\t\t<Question qid="0000001-2" qtype="treatment">How is it treated ?</Question>
\t\t<Answer></Answer>
\t</QAPair>
</QAPairs>
</Document>
"""


@pytest.mark.parametrize("name", ["0000001.xml", "page", "page.json"])
@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
def test_pairs_with_an_answer_become_items(write: Write, name: str, encoding: str) -> None:
    (item,) = read_test_set(write(name, XML.format(encoding=encoding).encode(encoding))).items
    assert (item.id, item.question) == ("0000001-1", "What is Ménière disease ?")
    assert item.answers == ("A disorder of the inner ear.",)
    assert item.slices == ("type:information", "focus:Ménière disease")
    assert item.expected is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<Document><QAPairs/></Document>", "XML without MedQuAD's Document and QAPairs"),
        ("<a><QAPairs><QAPair/></QAPairs></a>", "XML without MedQuAD's Document and QAPairs"),
        ("<Document><QAPairs>", "no well-formed XML"),
        ('<!DOCTYPE a [<!ENTITY b "bb">]><Document>&b;</Document>', "declares XML entities"),
    ],
)
def test_other_xml_is_refused(write: Write, content: str, said: str) -> None:
    (mistake,) = check_test_set(write("x.xml", content))
    assert mistake.message.startswith(said)


def test_a_pair_without_a_question_is_named_by_its_line(write: Write) -> None:
    content = (
        XML.format(encoding="utf-8").replace("What is Ménière disease ?", "").replace("<Answer></", "<Answer>So.</")
    )
    (mistake,) = check_test_set(write("x.xml", content))
    assert str(mistake) == "x.xml: line 6: question: is missing; add it"
