"""The content of a web page: what is left when navigation, dialogs, share bars and other furniture are cut out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml.etree import _Element

from temsiqa.documents.canonical import one_line
from temsiqa.documents.entries import heads_references

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_NO_CONTENT = frozenset(
    "head title script style template noscript iframe object embed applet svg canvas audio video map nav dialog "
    "select textarea input datalist rp rt del s strike".split()
)
_NO_CONTENT_ROLES = frozenset(
    "navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar tooltip".split()
)
_CONTROLS = frozenset({"button", "input", "select", "textarea"})
_LANDMARKS = frozenset({"aside", "footer", "form", "header"})
_WHOLE_PAGE = frozenset({"html", "body"})
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDING_CLASS = re.compile(r"(?<![\w-])(?:sr-only|visually-?hidden|screen-reader(?:-text)?)(?![\w-])", re.IGNORECASE)

# Words of class names and ids. Ids are often made of headings ("social-history"), so what may also be a word of the
# literature tells furniture only beside the name of a part of a page ("social-links").
_CONSENT = frozenset("cookie cookies gdpr onetrust cookiebot".split())
_FURNITURE = _CONSENT | frozenset(
    "breadcrumb breadcrumbs newsletter navbar navbox sidebar advert advertisement advertising ads disqus addthis "
    "sharethis addtoany sitemap megamenu skiplink masthead pagination editsection headerlink paywall".split()
)
_OFTEN_FURNITURE = frozenset(
    "nav navigation menu share sharing social consent subscribe subscription signup popup modal banner toolbar related "
    "recommended promo sponsor sponsored comments login search tags footer trending popular skip ad".split()
)
_PARTS = frozenset(
    "bar button buttons link links list icon icons widget block box panel menu nav banner dialog overlay form media "
    "post posts article articles content item items tools site page main top global primary secondary section "
    "container wrapper".split()
)
_PARTS_OF_SITE = frozenset({"header", "footer", "comments"})  # as ids, of which a page has one
_ABOUT_OTHERS = frozenset("with without has no layout enabled open accepted".split())
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_BOX_OF_CONTENT = re.compile(r"note|warning|caution|key|important|callout|summary|definition|boxed", re.IGNORECASE)
_RELATED_HEADING = re.compile(
    r"(?:related|recommended|popular|trending|latest|most read|more (?:from|on|like|articles)|read (?:next|more)|"
    r"you (?:may|might) also|share this|follow us|see also|navigation|menu|tags|categories)\b",
    re.IGNORECASE,
)
_SHARING = re.compile(
    r"facebook\.com/share|(?:twitter|x)\.com/(?:intent|share|home\?)|linkedin\.com/(?:sharearticle|sharing)|"
    r"pinterest\.\w+/pin/create|reddit\.com/submit|(?:wa\.me|api\.whatsapp\.com|t\.me/share)|^mailto:\?",
    re.IGNORECASE,
)
_TO_LITERATURE = re.compile(r"doi\.org/|ncbi\.nlm\.nih\.gov|europepmc\.org|clinicaltrials\.gov", re.IGNORECASE)
_SAID = re.compile(r"\w+")
_LISTS_OF_LINKS = frozenset({"ul", "ol", "menu", "div", "p", "td", "table", "section"})
_FEWEST_LINKS = 3
_NOTHING_BUT_LINKS = 0.9
_MANY_LINKS = 0.5
_FEW_WORDS = 20


@dataclass(slots=True)
class _Weight:
    """What an element holds: words, words in links that lead elsewhere, such links, how many of them to literature."""

    words: int = 0
    linked: int = 0
    links: int = 0
    literature: int = 0
    controls: int = 0

    def add(self, other: _Weight) -> None:
        self.words += other.words
        self.linked += other.linked
        self.links += other.links
        self.literature += other.literature
        self.controls += other.controls

    def is_links(self, share: float) -> bool:
        """Whether ``share`` of its words and more are links, and few of them lead to literature."""
        return self.links > 2 * self.literature and self.linked >= share * self.words


_Weights = Mapping[_Element, _Weight]


def content_of(page: _Element) -> _Element:
    """The element that holds the content of ``page``; all furniture is cut out of it, so ``page`` is changed."""
    opened = {name for e in page.iter() for name in e.get("aria-controls", "").split()}
    _cut(e for e in page.iter() if _is_no_content(e) or _is_hidden(e, opened))
    weights = _weigh(page)
    content = _content_element(page, weights)
    titled = ancestors_of(content.iter("h1"))
    _cut(e for e in content.iter() if e is not content and e not in titled and _is_furniture(e, weights, content))
    _cut(_lists_of_links(content, weights))
    return content


def _cut(elements: Iterable[_Element]) -> None:
    for element in list(elements):
        above, before = element.getparent(), element.getprevious()
        if above is None:
            continue
        if before is None:
            above.text = (above.text or "") + (element.tail or "")
        else:
            before.tail = (before.tail or "") + (element.tail or "")
        above.remove(element)


def _is_no_content(element: _Element) -> bool:
    """Scripts, controls, landmarks of navigation, links for sharing. A button may hold a heading or a question."""
    if element.tag == "button":
        asks = element.find(".//button") is None and words_of(element).endswith("?")
        return not asks and not any(above.tag in HEADINGS for above in element.iterancestors())
    if element.tag == "a" and _SHARING.search(element.get("href", "")):
        return True
    return element.tag in _NO_CONTENT or element.get("role", "").strip().lower() in _NO_CONTENT_ROLES


def _is_hidden(element: _Element, opened: set[str]) -> bool:
    """Whether it is not shown, and never will be: what a control on the page opens is an answer or a tab."""
    if (
        not element.keys()
        or element.tag in _WHOLE_PAGE
        or element.get("id") in opened
        or element.get("role") == "tabpanel"
    ):
        return False
    return (
        element.get("hidden", "until-found").lower() != "until-found"
        or element.get("aria-hidden", "").lower() == "true"
        or bool(_HIDING_STYLE.search(element.get("style", "")))
        or bool(_HIDING_CLASS.search(element.get("class", "")))
    )


def words_of(element: _Element) -> str:
    """The text in an element, on one line."""
    return one_line("".join(element.itertext()))


def ancestors_of(elements: Iterable[_Element]) -> set[_Element]:
    """Everything that holds one of ``elements``."""
    found: set[_Element] = set()
    for element in elements:
        for above in element.iterancestors():
            if above in found:
                break
            found.add(above)
    return found


def _weigh(root: _Element) -> _Weights:
    """The weight of every element in ``root``, the last first: when its turn comes, all that it holds was weighed."""
    weights = {element: _Weight() for element in root.iter()}
    for element, weight in reversed(weights.items()):
        weight.words += _count(element.text)
        target = element.get("href", "")
        if element.tag == "a" and target and not target.startswith("#"):
            weight.linked, weight.links, weight.literature = weight.words, 1, int(bool(_TO_LITERATURE.search(target)))
        weight.controls += element.tag in _CONTROLS
        above = element.getparent()
        if above is not None and above in weights:
            weights[above].add(weight)
            weights[above].words += _count(element.tail)
    return weights


def _count(text: str | None) -> int:
    return len(_SAID.findall(text)) if text else 0


def _content_element(page: _Element, weights: _Weights) -> _Element:
    """``main`` or the one ``article``, if it is not empty or a mere teaser; else the body."""
    mains = [e for e in page.iter() if e.tag == "main" or e.get("role") == "main"]
    if len(mains) == 1 and weights[mains[0]].words >= min(_FEW_WORDS, weights[page].words / 2):
        return mains[0]
    articles = [e for e in page.iter("article") if not any(above.tag == "article" for above in e.iterancestors())]
    titled = [e for e in articles if e.find(".//h1") is not None] or articles
    if len(titled) == 1 and weights[titled[0]].words >= weights[page].words / 2:
        return titled[0]
    body = page.find("body")
    return page if body is None else body


def _is_furniture(element: _Element, weights: _Weights, content: _Element) -> bool:
    """By landmark, or by its class and id; what holds most of the words is the content, whatever it is called."""
    if not element.keys() and element.tag not in _LANDMARKS:
        return False
    weight, whole = weights[element], weights[content].words
    names = [frozenset(map(str.lower, _WORD.findall(name))) for name in _names(element)]
    if any(name & _CONSENT for name in names) and weight.words < _NOTHING_BUT_LINKS * whole:
        return True
    if weight.words > whole / 2:
        return False
    if element.get("id", "").lower() in _PARTS_OF_SITE:
        return True
    has_links = weight.controls > 0 or weight.is_links(_MANY_LINKS)
    return (
        element.tag == "form" or _is_landmark(element, content) or any(_is_furniture_name(n, has_links) for n in names)
    )


def _names(element: _Element) -> list[str]:
    return [*element.get("class", "").split(), element.get("id", "")]


def _is_furniture_name(words: frozenset[str], has_links: bool) -> bool:
    if words & _ABOUT_OTHERS:
        return False
    if words & _FURNITURE:
        return True
    beside = words & (_OFTEN_FURNITURE | _PARTS)
    return bool(words & _OFTEN_FURNITURE) and (len(beside) > 1 or (len(words) == 1 and has_links))


def _is_landmark(element: _Element, content: _Element) -> bool:
    """What stands aside, unless it is called a box of content; head and foot of the site, not those of an article."""
    if element.tag == "aside":
        return not _BOX_OF_CONTENT.search(f"{element.get('class', '')} {element.get('role', '')}")
    if element.tag not in ("header", "footer") or content.tag not in _WHOLE_PAGE:
        return False
    is_inside = any(above.tag in ("article", "section", "blockquote", "figure") for above in element.iterancestors())
    return not is_inside and not any(heads_references(words_of(e)) for e in element.iter(*HEADINGS))


def _lists_of_links(content: _Element, weights: _Weights) -> Iterator[_Element]:
    """Lists of links to other pages: those under a heading that says so, and in a page without landmarks all.

    Links to literature are entries of a reference list.
    """
    heading, title = None, ""
    for element in content.iter():
        if element.tag in HEADINGS:
            heading, title = element, words_of(element)
        weight = weights[element]
        if element is content or element.tag not in _LISTS_OF_LINKS or heads_references(title):
            continue
        if heading is not None and _RELATED_HEADING.match(title) and weight.is_links(_MANY_LINKS):
            yield from (heading, element)
        elif content.tag in _WHOLE_PAGE and weight.links >= _FEWEST_LINKS and weight.is_links(_NOTHING_BUT_LINKS):
            yield element
