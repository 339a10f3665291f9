from __future__ import annotations

import pytest
from lxml import etree

from temsiqa.documents.html.content import content_of, words_of

WORDS = "Orvexamide slows the growth of cells. It is given once a week by infusion."


def content(page: str) -> str:
    """The words that are left of a page."""
    return words_of(content_of(etree.fromstring(page, etree.HTMLParser())))


FURNITURE = [
    "<nav><a href='/'>Home</a></nav>",
    "<div role='navigation'>Home</div>",
    "<header>Quillwort <h2>The site of rings</h2></header>",
    "<footer><p>Printed by Quillwort.</p></footer>",
    "<aside><p>Also sold here.</p></aside>",
    "<div role='dialog'><p>Choose your country.</p></div>",
    "<dialog open>Choose your country.</dialog>",
    "<div class='onetrust-pc-dark-filter'>We value your privacy.</div>",
    "<div id='CookieConsent'><p>We value your privacy.</p></div>",
    "<ul class='breadcrumbs'><li>Home</li></ul>",
    "<div class='share-buttons'>Share Tweet</div>",
    "<div class='socialLinks'>Follow the ring</div>",
    "<section class='newsletter'>Our letter, weekly.</section>",
    "<form action='/s'><label>Find</label><input name='q'></form>",
    "<p><a href='https://twitter.com/intent/tweet?u=1'>Tweet</a></p>",
    "<div class='related-articles'><h2>Ring news</h2><p>A tale of rings.</p></div>",
    "<div class='menu'><a href='/a'>Doses</a></div>",
    "<div id='footer'>Printed by <a href='/'>Quillwort</a>, Exeter, since 1901.</div>",
    "<section id='comments'><p>Ada: my ring broke.</p></section>",
    "<div class='advert'>Rings, half price.</div>",
    "<p hidden>Not yet.</p>",
    "<p aria-hidden='true'>Not yet.</p>",
    "<p style='color: red; DISPLAY:none'>Not yet.</p>",
    "<span class='sr-only'>opens in a new tab</span>",
    "<button>Print</button><select><option>English</option></select><textarea>Say</textarea>",
    "<script>var a</script><style>p {}</style><noscript>Switch it on.</noscript><template>x</template>",
    "<svg><title>logo</title><text>Q</text></svg><iframe>x</iframe>",
    "<ul><li><a href='/a'>Doses of it</a></li><li><a href='/b'>Rings</a></li><li><a href='/c'>Team</a></li></ul>",
    "<p><a href='/a'>Terms</a> | <a href='/b'>Privacy</a> | <a href='/c'>Contact</a></p>",
    "<h2>Related articles</h2><ul><li><a href='/a'>Ten rings</a></li></ul>",
]


@pytest.mark.parametrize("furniture", FURNITURE)
def test_furniture_goes(furniture: str) -> None:
    assert content(f"<body>{furniture}<h1>Orvexamide</h1><p>{WORDS}</p></body>") == f"Orvexamide{WORDS}"


@pytest.mark.parametrize(
    "furniture", [f for f in FURNITURE if not f.startswith(("<header", "<footer", "<ul><li>", "<p><a href='/a"))]
)
def test_furniture_in_an_article_goes(furniture: str) -> None:
    page = f"<body><p>Beside.</p><main><article><h1>Orvexamide</h1>{furniture}<p>{WORDS}</p></article></main></body>"
    assert content(page) == f"Orvexamide{WORDS}"


@pytest.mark.parametrize(
    "literature",
    [
        "<div class='content-wrapper with-sidebar'>It is a ring.</div>",
        "<section id='social-history'>She keeps bees.</section>",
        "<section id='informed-consent'>Each one signed.</section>",
        "<div class='drug-related-events'>Rash was common.</div>",
        "<div id='related'>Rash was common.</div>",
        "<aside class='key-points'>Rash was common.</aside>",
        "<article><header>By Ada.</header><p>Ring.</p><footer>From Exeter.</footer></article>",
        "<blockquote>It is a ring.<footer>Ada</footer></blockquote>",
        "<footer><h2>References</h2><ol><li>A 2001.</li></ol></footer>",
        "<button aria-controls='a'>Can I drive?</button><div id='a' hidden>No.</div>",
        "<div role='tabpanel' aria-hidden='true'>Doses.</div>",
        "<p hidden='until-found'>Doses.</p>",
        "<p>It <a href='/a'>works</a>.</p>",
        "<p>See <a href='/a'>rash</a>, <a href='/b'>fever</a>, <a href='/c'>cough</a> and all other effects.</p>",
        "<ul><li><a href='#1'>Doses</a></li><li><a href='#2'>Rings</a></li><li><a href='#3'>Team</a></li></ul>",
        "<h2>References</h2><p><a href='/1'>A</a> <a href='/2'>B</a> <a href='/3'>C</a></p>",
        "<p><a href='https://doi.org/1'>A</a> <a href='https://doi.org/2'>B</a> <a href='/3'>C</a></p>",
        "<h2>Related adverse events</h2><ul><li>rash</li></ul>",
        "<form><table><tr><td>It is a ring.</td></tr></table><p>It is flat. It is small. It is old. It is.</p><p>"
        f"{WORDS}</p></form>",
    ],
)  # fmt: skip
def test_literature_stays(literature: str) -> None:
    kept = words_of(etree.fromstring(literature, etree.HTMLParser()))
    assert kept in content(f"<body><h1>Orvexamide</h1>{literature}<p>{WORDS}</p></body>")


def test_what_is_cut_takes_no_text_beside_it_along() -> None:
    page = "<main>one <nav>x</nav>two <b>three</b> <script>x</script>four<aside>x</aside> five</main>"
    assert content(page) == "one two three four five"


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (f"<p>Beside.</p><main><p>{WORDS}</p></main>", WORDS),
        (f"<p>Beside.</p><div role='main'><p>{WORDS}</p></div>", WORDS),
        (f"<p>Beside.</p><article><p>{WORDS}</p></article>", WORDS),
        (f"<article>Teaser.</article><p>{WORDS}</p>", f"Teaser.{WORDS}"),
        (f"<article>Teaser.</article><article><h1>Ring</h1>{WORDS}</article>", f"Ring{WORDS}"),
        (f"<main> </main><p>{WORDS}</p>", WORDS),
        (f"<main>a</main><main>{WORDS}</main>", f"a{WORDS}"),
        ("<main>Short.</main>", "Short."),
    ],
)
def test_where_the_content_stands(page: str, found: str) -> None:
    assert content(f"<body>{page}</body>") == found


def test_what_holds_most_of_the_words_is_content_whatever_it_is_called() -> None:
    assert content(f"<body><p>Ring.</p><div class='sidebar'><p>{WORDS}</p></div></body>") == f"Ring.{WORDS}"
    assert content(f"<body class='cookies'><div class='cookies-accepted'><p>{WORDS}</p></div></body>") == WORDS
