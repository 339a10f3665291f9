"""A stand-in for the service: serves the page and answers by the words of the question, with canned data."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles

Json = dict[str, Any]

WEB = Path(__file__).resolve().parents[2] / "web"
SLOW_SECONDS = 1.0
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)><b>bold</b>"

GENERAL: Json = {
    "text": "This is information from the published literature, not medical advice. "
    "Ask your doctor, nurse or pharmacist before you change anything about your treatment.",
    "document": None,
}
VENDOR_NOTICE: Json = {
    "text": "For research use only. The substance described is not for use in people or animals.",
    "document": "vendor/in-vivo-efficacy.md",
}

VENDOR_TITLE = "Temsirolimus in vivo efficacy: a comparative guide across diverse tumor models"
VENDOR_QUOTE = (
    "Temsirolimus 🧬 showed significant antitumor activity in preclinical models of renal cell carcinoma.[1][5]"
)
VENDOR_BLOCKS: list[tuple[str, str, list[str]]] = [
    ("heading", VENDOR_TITLE, []),
    ("byline", "Technical Support Team 👩🏽‍🔬, December 2025 — 𝛼𝛽𝛾 𠮷", []),
    ("heading", "Comparative in vivo efficacy", ["Comparative in vivo efficacy"]),
    (
        "paragraph",
        "It has shown varied efficacy across tumor types 🐁🐁. "
        + VENDOR_QUOTE
        + " In other tumors the effect depended "
        "on the context.",
        ["Comparative in vivo efficacy", "Renal cell carcinoma"],
    ),
    (
        "table",
        "Tumor model\tAnimal model\tDosage\tResult\n"
        "786-O and Caki-1 xenografts\tNude mice\t2 mg/kg daily for 21 days\tDramatic decrease in tumor volume [7]\n"
        "RENCA-CA9 xenograft\tBALB/c mice\tNot specified\tSome inhibition alone [8]",
        ["Comparative in vivo efficacy", "Renal cell carcinoma"],
    ),
    ("list", "- Mantle cell lymphoma: delayed growth\n- Glioma: modest effect", ["Comparative in vivo efficacy"]),
    ("paragraph", "A long closing remark, so that there is something to scroll. " * 60, ["Discussion"]),
]

LABEL_QUOTE = "The recommended dose is 25 mg infused over a 30 to 60 minute period once a week."
LABEL_BLOCKS: list[tuple[str, str, list[str]]] = [
    ("heading", "2.1 Advanced renal cell carcinoma", ["2 Dosage and administration"]),
    ("paragraph", LABEL_QUOTE + " Treatment continues until progression or unacceptable toxicity.", ["2", "2.1"]),
]


def _provenance(title: str, level: str, **known: object) -> Json:
    unknown: Json = dict.fromkeys(("publisher", "date", "url", "kind", "licence", "retracted"))
    none: Json = {"authors": [], "identifiers": [], "notes": []}
    return {"title": title, "evidence_level": level, **unknown, **none, **known}


def _reference(marker: str, text: str, **known: object) -> Json:
    unknown: Json = dict.fromkeys(("key", "url", "evidence", "doi", "pmid", "retracted"))
    return {"marker": marker, "text": text, **unknown, **known}


def _document(
    identifier: str, provenance: Json, blocks: list[tuple[str, str, list[str]]], disclaimers: list[Json]
) -> Json:
    text = ""
    placed = []
    for kind, words, section in blocks:
        span = {"start": len(text), "end": len(text) + len(words)}
        placed.append({"kind": kind, "span": span, "section": section, "sentences": []})
        text += words + "\n\n"
    return {
        "id": identifier,
        "text": text,
        "provenance": provenance,
        "blocks": placed,
        "references": [],
        "disclaimers": disclaimers,
    }


VENDOR = _document(
    "vendor/in-vivo-efficacy.md",
    _provenance(
        VENDOR_TITLE,
        "vendor note",
        publisher="BenchChem",
        authors=["BenchChem Technical Support Team"],
        date="2025-12",
        url="https://example.org/temsirolimus",
        notes=["The reference list of this text is incomplete."],
    ),
    VENDOR_BLOCKS,
    [VENDOR_NOTICE],
)
LABEL = _document(
    "label/100% of the text? #1.md",
    _provenance("Temsirolimus injection: prescribing information", "label", publisher="Example Pharma", date="2023"),
    LABEL_BLOCKS,
    [],
)
RETRACTED_ON = "retracted on 2019-03-01 (doi 10.5555/notice)"
RETRACTED_TITLE = "A trial that did not take place"
RETRACTED_QUOTE = "All patients of the trial were alive after ten years."
RETRACTED = _document(
    "trials/retracted.pdf",
    _provenance(
        RETRACTED_TITLE,
        "trial",
        licence="https://creativecommons.org/licenses/by/4.0/",
        identifiers=[{"scheme": "doi", "value": "10.5555/trial"}, {"scheme": "pmid", "value": "12345678"}],
        retracted=RETRACTED_ON,
    ),
    [("heading", RETRACTED_TITLE, []), ("paragraph", RETRACTED_QUOTE, ["Results"])],
    [],
)
HOSTILE = _document(
    f"hostile/{MARKUP}.md",
    _provenance(
        MARKUP,
        MARKUP,
        publisher=MARKUP,
        authors=[MARKUP],
        date=MARKUP,
        url="javascript:alert(3)",
        licence=MARKUP,
        identifiers=[{"scheme": MARKUP, "value": MARKUP}],
        retracted=MARKUP,
        notes=[MARKUP],
    ),
    [("heading", MARKUP, [MARKUP]), ("paragraph", f"Before. {MARKUP} After.", [MARKUP])],
    [{"text": MARKUP, "document": f"hostile/{MARKUP}.md"}],
)
DOCUMENTS: dict[str, Json] = {document["id"]: document for document in (VENDOR, LABEL, RETRACTED, HOSTILE)}


def _cite(document: Json, quote: str, section: list[str], references: list[Json] | None = None) -> Json:
    start = document["text"].rindex(quote)
    return {
        "document": document["id"],
        "start": start,
        "end": start + len(quote),
        "quote": quote,
        "section": section,
        "lead": [],
        "references": references or [],
        "provenance": document["provenance"],
        "disclaimers": document["disclaimers"],
        "pages": [],
    }


VENDOR_CITATION = _cite(
    VENDOR,
    VENDOR_QUOTE,
    ["Comparative in vivo efficacy", "Renal cell carcinoma"],
    [
        _reference(
            "1",
            "Hudes G, et al. Temsirolimus, interferon alfa, or both for advanced renal-cell carcinoma. 2007.",
            key="doi:10.1056/NEJMoa066838",
            url="https://doi.org/10.1056/NEJMoa066838",
        ),
        _reference("5", "A reference with an address of another kind.", url="ftp://example.org/5"),
    ],
)
RETRACTED_CITATION = _cite(
    RETRACTED,
    RETRACTED_QUOTE,
    ["Results"],
    [
        _reference("1", "An honest trial.", doi="10.5555/a#b(1)", pmid="23456789", url="https://example.org/1"),
        _reference("2", "A dishonest trial.", pmid="34567890", retracted="retracted in 2020-05"),
    ],
)
LABEL_CITATION = _cite(LABEL, LABEL_QUOTE, ["2 Dosage and administration", "2.1 Advanced renal cell carcinoma"])


def _answer(outcome: str, notice: str, **parts: object) -> Json:
    nothing: Json = {"statements": [], "cautions": [], "related": [], "disclaimers": [GENERAL]}
    return {
        "question": "",
        "audience": "patient",
        "outcome": outcome,
        "notice": notice,
        **nothing,
        "generation": "g-0001",
        "policy": "p-0001",
        **parts,
    }


ANSWERED = _answer(
    "answered",
    "",
    statements=[
        {"text": LABEL_QUOTE, "citations": [LABEL_CITATION]},
        {"text": VENDOR_QUOTE, "citations": [VENDOR_CITATION, LABEL_CITATION]},
    ],
    cautions=["One of these sources reports work in animals, which may not hold for people."],
    disclaimers=[GENERAL, VENDOR_NOTICE],
)
URGENT = _answer(
    "urgent",
    "Trouble breathing or a swollen face during or after an infusion can be a serious reaction. "
    "Call your local emergency number now and say that you are treated with temsirolimus (Torisel).",
)
ANSWERS: dict[str, Json] = {
    "breathe": URGENT,
    "mouth": _answer(
        "call_today",
        "Call your cancer team today, on its 24-hour line if there is one, and tell them about your mouth sores.",
    ),
    "stop taking": _answer(
        "referred",
        "Whether to stop or change a dose is for your care team to decide with you. This is what the literature says:",
        statements=[{"text": LABEL_QUOTE, "citations": [LABEL_CITATION]}],
    ),
    "aspirin": _answer(
        "abstained",
        "The literature available here does not answer this question.",
        related=[VENDOR_CITATION],
        disclaimers=[GENERAL, VENDOR_NOTICE],
    ),
    "no disclaimers": {**ANSWERED, "disclaimers": [VENDOR_NOTICE]},
    "source notice lost": {**ANSWERED, "disclaimers": [GENERAL]},
    "no notices": {**URGENT, "disclaimers": []},
    "markup": _answer(
        "answered",
        MARKUP,
        statements=[
            {
                "text": MARKUP,
                "citations": [
                    _cite(
                        HOSTILE,
                        MARKUP,
                        [MARKUP],
                        [
                            _reference(MARKUP, MARKUP, key=MARKUP, url="javascript:alert(4)", evidence=MARKUP),
                            _reference(MARKUP, MARKUP, doi=MARKUP, pmid=MARKUP, retracted=MARKUP),
                        ],
                    )
                ],
            }
        ],
        cautions=[MARKUP],
        related=[{**_cite(HOSTILE, MARKUP, [MARKUP]), "lead": [{"start": 0, "end": 1, "quote": MARKUP}]}],
        disclaimers=[{**GENERAL, "text": MARKUP}, *HOSTILE["disclaimers"]],
    ),
    "ten years": _answer(
        "answered",
        "",
        statements=[
            {"text": RETRACTED_QUOTE, "citations": [{**RETRACTED_CITATION, "pages": [4]}]},
            {"text": LABEL_QUOTE, "citations": [{**LABEL_CITATION, "pages": [11, 12, 13], "section": []}]},
        ],
    ),
    "moved": _answer(
        "answered",
        "",
        statements=[{"text": LABEL_QUOTE, "citations": [{**LABEL_CITATION, "start": 3, "end": 3 + len(LABEL_QUOTE)}]}],
    ),
    "vanished": _answer(
        "answered",
        "",
        statements=[{"text": LABEL_QUOTE, "citations": [{**LABEL_CITATION, "document": "label/gone.md"}]}],
    ),
    "slow": _answer("referred", "This answer came late."),
}


def create_app() -> FastAPI:
    """The page and its two endpoints; ``app.state.asked`` keeps the bodies of the questions that came."""
    app = FastAPI()
    app.state.asked = []

    @app.middleware("http")
    async def content_policy(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers["Content-Security-Policy"] = "default-src 'self'"
        return response

    @app.post("/v1/chat")
    async def chat(request: Request) -> Response:
        body = await request.json()
        app.state.asked.append(body)
        question = body["messages"][-1]["content"]
        if "overloaded" in question:
            return _problem(503, "The service is busy", "Too many questions at once; try again in a minute.")
        if "garbled" in question:
            return Response("<html>Bad gateway</html>", status_code=502, media_type="text/html")
        if "slow" in question:
            await asyncio.sleep(SLOW_SECONDS)
        answer = next((canned for words, canned in ANSWERS.items() if words in question), ANSWERED)
        return JSONResponse({**copy.deepcopy(answer), "question": question, "audience": body["audience"]})

    @app.get("/v1/documents/{identifier:path}")
    async def document(identifier: str) -> Response:
        if identifier not in DOCUMENTS:
            return _problem(404, "No such document", f"There is no document {identifier!r} in this generation.")
        return JSONResponse(DOCUMENTS[identifier])

    app.mount("/", StaticFiles(directory=WEB, html=True))
    return app


def _problem(status: int, title: str, detail: str) -> Response:
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(content, status_code=status, media_type="application/problem+json")
