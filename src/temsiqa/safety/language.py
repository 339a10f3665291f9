"""Which of the languages of the policy a message is in, by its function words.

The commonest words tell languages apart in short texts too (Grefenstette 1995, Comparing two language identification
schemes). Words that mean something in English or that several of the languages share count for nothing.
"""

from __future__ import annotations

from temsiqa.index.words import words

ENGLISH = "en"
_FUNCTION_WORDS = {
    "de": """der das dem den ist sind bin bist wird werden ich du sie wir ihr mein meine meinen meinem meiner
        ein eine einen einem
        und oder aber nicht kein keine mit von zu zum zur bei beim auf für fuer über ueber nach seit wenn wie viel
        wieviel welche welcher welches wann warum wo wer kann darf muss soll habe haben hat gibt gibts auch noch nur
        sehr im am es dass vom durch ohne wegen während waehrend""",
    "fr": """le la les un une des du de est sont suis je tu il elle nous vous mon ma mes et ou mais pas ne avec pour
        sur dans par quel quelle quels quelles comment combien quand pourquoi qui que quoi peut peux puis dois faut
        ai ont avoir être etre ce cette ces aux au si plus très tres depuis après apres sans chez c'est qu'est
        est-ce j'ai l'on""",
    "es": """el la los las un una unos unas es son soy estoy está esta están yo mi mis y o pero no con para por sobre
        en de del al qué que cuál cual cuáles cómo como cuánto cuanto cuánta cuanta cuántas cuándo cuando dónde donde
        quién puedo puede debo hay tengo tiene se me te le su sus muy más desde después despues sin porque""",
    "it": """il lo la gli le un uno una è sono sto io mio mia miei mie e o ma non con per su nel nella della del dei
        delle degli di da al alla che cosa quale quali come quanto quanta quanti quando dove perché perche chi posso
        può puo devo c'è ho hai ha hanno si mi ti molto più dopo senza anche questo questa qual""",
    "pt": """o os um uma uns umas é são sou estou está eu meu minha meus minhas e ou mas não nao com para por sobre
        em no na nos nas do da dos das de que qual quais como quanto quanta quantos quando onde quem posso pode devo
        há tenho tem se me muito mais desde depois sem porque ao à pelo pela isto isso""",
    "pl": """jest są sa jestem ja mój moj moja moje i lub albo ale nie z ze w we na do od po dla przez o jak jaki jaka
        jakie jaką ile kiedy gdzie dlaczego kto co czy może moze mogę moge trzeba mam ma mieć się sie to ten ta te
        bardzo bez przy podczas przed""",
}
_SHARED_WITH_ENGLISH = frozenset(
    "a am an as at com come con do e eu he i in is it me my no non o of on or os per pour so to we was die the".split()
)
_ENGLISH_WORDS = frozenset(
    """the is are was were it i my he she they we you what which how when where why who can could should would will do
    does did have has had not and or but with for from of to in on at this that there be been after since if am any
    much many long get take any about after during your his her their""".split()
)


_OWNERS: dict[str, list[str]] = {}
for _language, _text in _FUNCTION_WORDS.items():
    for _word in sorted(set(_text.split()) - _SHARED_WITH_ENGLISH):
        _OWNERS.setdefault(_word, []).append(_language)


def language_of(message: str) -> str:
    """The code (ISO 639-1) of the language whose function words ``message`` has most of; English when in doubt."""
    typed = words(message)
    found = {"es": 1.0} if "¿" in message else {}
    for word in typed:
        for language in _OWNERS.get(word, ()):
            found[language] = found.get(language, 0.0) + 1 / len(_OWNERS[word])
    english = sum(word in _ENGLISH_WORDS for word in typed)
    best = max(found, key=lambda language: found[language], default=ENGLISH)
    return best if found.get(best, 0.0) > max(english, 0.5) else ENGLISH
