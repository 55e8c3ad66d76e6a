"""Find postal addresses in a text: streets with numbers, flats, post boxes, postcodes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from heedful.guard.names import is_ordinary

_KINDS = (
    "street|st|avenue|ave|av|road|rd|lane|ln|drive|dr|court|ct|boulevard|blvd|way|place|pl|terrace|terr|close|crescent|cres|"
    "square|sq|highway|hwy|parkway|pkwy|circle|cir|trail|trl|row|gardens|gdns|grove|hill|mews|walk|quay|alley|loop|"
    "bend|ridge|plaza|esplanade|parade|pde|rise|view|heights|green|park|path|point|run|crossing|turnpike|pike|bypass|"
    "chowk|marg|nagar|colony|extension|layout"
)
_SURE = "street|avenue|ave|road|rd|lane|boulevard|blvd|drive|court|terrace|crescent|close|parkway|highway"
_NUMBER = r"\d{1,5}(?:\s?[A-Za-z](?![A-Za-z]))?(?:\s?[-/]\s?\d{1,4}[A-Za-z]?)?"
_WORD = r"(?:\d{1,3}(?:st|nd|rd|th)|[^\W\d_][^\W\d_'’.-]{0,24}(?:['’-][^\W\d_]{1,20})?\.?)"
_STREET = re.compile(
    rf"(?<![\w.,$€£]){_NUMBER},?\s(?:{_WORD}\s){{1,4}}(?:{_KINDS})\b\.?(?:\s(?:NW|NE|SW|SE|N|S|E|W|North|South|East|West)\b\.?)?",
    re.IGNORECASE,
)
_UNNUMBERED = re.compile(rf"(?<!\w)(?:[A-Z][\w'’-]{{1,24}}\s){{1,3}}(?:{_SURE})\b\.?", re.IGNORECASE)
_GRID = re.compile(
    r"(?<![\w.,$])\d{1,5}\s(?:N|S|E|W|NW|NE|SW|SE|North|South|East|West)\.?\s\d{1,5}(?:st|nd|rd|th)?\b(?:\s(?:N|S|E|W|North|South|East|West|St|Street|Ave|Avenue)\b\.?)?"
)
_BROADWAY = re.compile(r"(?<![\w.,$])\d{1,5}\s(?:[A-Z][a-z]+\s)?(?:Broadway|Embarcadero|Strand|Kurfürstendamm)\b")
_FOREIGN = re.compile(
    r"(?<!\w)(?:"
    # the number first: 12 bis, rue de la Paix
    r"\d{1,4}(?:\s?(?:bis|ter|quater|[a-d]))?,?\s(?:rue|avenue|boulevard|bd|place|allée|chemin|impasse|quai|route|cours|passage|square|ruelle)\s"
    r"(?:[^\W\d_][\w'’-]{0,24}\s?){1,6}"
    # the number last: Calle Mayor 5, via Roma, 12, rua Augusta nº 1200
    r"|(?:calle|c/|avenida|avda\.?|av\.|plaza|paseo|camino|carrera|cra\.?|carretera|via|viale|piazza|corso|vicolo|strada|largo|rua|"
    r"travessa|praça|alameda|ul\.|ulica|plac|pl\.|al\.|aleja|ulitsa|calea|bulevardul|jalan|jl\.|straat|calle\sde|улица|ул\.|проспект)\s"
    r"(?:[^\W\d_][\w'’.-]{0,24}\s?){1,6},?\s?(?:n[º°o.]{0,2}\s?|#\s?|núm\.?\s?|д\.\s?)?\d{1,5}(?:\s?[-/]\s?\d{1,4})?[A-Za-z]?"
    # one word: Hauptstraße 12, Keizersgracht 100, Storgatan 5, Am Markt 3
    r"|(?:[^\W\d_][\w-]{0,30}\s)?[^\W\d_][\w-]{0,30}(?:straße|strasse|str\.|weg|platz|allee|gasse|damm|ufer|ring|straat|laan|plein|gracht|kade|"
    r"singel|steeg|dreef|baan|hof|gatan|vägen|gränd|stigen|torget|gade|vej|allé|alléen|gata|veien|vegen|stien|katu|tie|polku|kuja|"
    r"bulevardi|utca|út)\s\d{1,4}\s?[a-z]?(?:[-/]\d{1,4})?"
    r"|(?:am|an der|auf dem|im|in der|zum|zur|unter den|alte|alter|große|kleine)\s[A-ZÄÖÜ][\w-]{2,24}\s\d{1,4}\s?[a-z]?"
    r")(?!\w)",
    re.IGNORECASE,
)
_TITLED = r"(?:St\.\s)?[^\W\d_a-zà-ÿ][\w'’-]{1,30}"
_CODE = r"(?:[A-Z]{1,2}-)?(?:\d{2}[ -]\d{3}|\d{3}\s\d{2}|\d{4,6}(?:\s?[A-Z]{2})?)"
_CODED = re.compile(rf"(?<![\w-])(?:{_TITLED}\s){{1,4}}\d{{1,4}}\s?[A-Za-z]?(?:[/-]\d{{1,4}})?,\s{_CODE},?\s{_TITLED}")
_AT_HOME = re.compile(
    r"(?i:(?<!\w)(?:live[sd]?|living|stay(?:s|ing)?|address(?:\sis)?|move[ds]?|home|house|sen[dt]\sit|deliver\sit|ship\sit|mail\sit|came)"
    r"[\s:]{1,2}(?:(?:at|to|from|is|in|on)[\s:]{1,2})?)"
    rf"((?:\d{{1,5}}[A-Za-z]?,?\s(?:{_TITLED}(?!\w)\s?){{1,4}})|(?:{_TITLED}\s(?:{_TITLED}\s){{0,3}}(?!(?:19|20)\d\d\b)\d{{1,4}}\s?[A-Za-z]?(?:/\d{{1,4}})?))(?!\w)"
)
_ROAD = re.compile(
    rf"(?<!\w)(?i:rue|chemin|impasse|avenue|boulevard|calle|avenida|via|viale|piazza|rua|plac|ulica)\s(?:(?:de|du|des|la|las|los|le|les|della|dei|do|da|dos)\s|d['’]|l['’]){{0,3}}{_TITLED}(?:\s{_TITLED})?"
)
_JAPAN = re.compile(
    r"〒?\d{3}-\d{4}(?=\s?[\u3040-\u9fff])|[\u4e00-\u9fff]{1,6}[都道府県市区町村][\u3040-\u9fff\d０-９丁目番地号\-－ー]{2,30}\d|〒\d{3}-\d{4}|\d{1,3}-\d{1,3}(?:-\d{1,3})?\s[A-Z][a-z]+(?:-(?:ku|cho|machi|shi))"
)
_BOX = re.compile(
    r"(?<!\w)(?:p\.?\s?o\.?\s?box|post(?:al)?\s(?:office\s)?box|postfach|apartado|boîte postale|bp\s(?=\d{4}))\s?#?\d{1,6}(?![\w/])",
    re.IGNORECASE,
)
_FLAT = re.compile(
    r"(?<!\w)(?:apt|apartment|flat|unit|suite|ste|room|rm|block|building|bldg|floor|piso|wohnung|appartement|appt|house|villa)\.?\s?"
    r"(?:no\.?\s?|number\s|#\s?)?(?:\d{1,5}[A-Za-z]?|[A-Z]\d{1,4}|[A-Z])(?:\s?[-/]\s?\d{1,4})?(?!\w|\s?(?:years|months|weeks|days|%|people|of|in\s1))",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"(?<![\w-])(?:(?:GIR\s?0AA|[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2})|[A-CEGHJ-NPR-TVXY]\d[A-CEGHJ-NPR-TV-Z][ -]?\d[A-CEGHJ-NPR-TV-Z]\d"
    r"|\d{5}-\d{4}|[A-Z]{2}\.?\s\d{5}|(?!19|20)\d{4}\s?(?!AM|PM|AD|BC|CE|OK|KG|KM|TV|US|UK)[A-Z]{2}|[A-Z]-\d{4,5})(?![\w-])"
)
_ZIP = re.compile(
    r"(?<!\w)(?:zip|zip ?code|post ?code|postal ?code|plz|code postal|código postal|cap|cep|pin ?code)(?:\s?(?:is|:|ist|es))?\s?:?\s?([A-Z0-9][A-Z0-9 -]{2,9}[A-Z0-9])(?!\w)",
    re.IGNORECASE,
)
_REST = re.compile(
    r"[,;]?[ \n]{0,2}(?:(?:apt|apartment|flat|unit|suite|ste|floor|fl)\.?\s?#?\s?[\w-]{1,6}|#\s?\w{1,6})(?!\w)"
    r"|[,;]?\s{1,2}(?:\d{2}[ -]?\d{3}|\d{4,6}(?:-\d{3,4})?|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d|\d{4}\s?[A-Z]{2})(?!\w)"
    r"|,\s{1,2}(?:[A-Z][\w'’.-]{1,24})(?:[ -][A-Z][\w'’.-]{1,24}){0,2}(?!\w)"
    r"|(?<=\d)\s{1,2}[A-Z][a-zà-ÿ][\w'’.-]{1,24}(?!\w)"
    r"|,?\s{1,2}(?:A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]|NSW|VIC|QLD|ON|BC|QC|AB)(?!\w)"
)
_MOST_PARTS = 7
_NO_STREETS = frozenset(
    (
        "wall street",
        "sesame street",
        "main road",
        "high street",
        "the street",
        "the road",
        "my street",
        "my road",
        "the drive",
    )
)
_NEVER_IN_A_STREET = frozenset(
    """the a an and or but of to in on at from for with by is are was were be been i you he she it we they me him us them my your
    his their our this that these those there here down up out off over into onto than then so as if not no nor just only minutes
    minute hours hour miles mile km kilometers feet years year days day weeks week months month times time people more less
    different long away ago per percent dollars bucks kids guys cars lbs pounds inches am pm o'clock blocks meters metres
    degrees steps ways other through across along have has had do did does can will would""".split()
)


def places(said: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each postal address or part of one; what is found may overlap.

    Args:
        said: any string. The time taken grows in proportion to its length.
    """
    for pattern in (_STREET, _FOREIGN, _GRID, _BROADWAY):
        for match in pattern.finditer(said):
            begin = _plausible(match, said)
            if begin is not None:
                yield begin, _whole(said, match.end())
    for match in _UNNUMBERED.finditer(said):
        words = match[0].split()
        fits = all(word[0].isupper() for word in words) and match[0].lower() not in _NO_STREETS
        if fits and any(word.lower() not in _NEVER_IN_A_STREET for word in words[:-1]):
            begin = match.start() + (len(words[0]) + 1 if len(words) > 2 and is_ordinary(words[0]) else 0)
            yield begin, _whole(said, match.end())
    for match in _AT_HOME.finditer(said):
        yield match.start(1), _whole(said, match.start(1) + len(match[1].rstrip()))
    for match in _ZIP.finditer(said):
        if any(map(str.isdigit, match[1])):
            yield match.span(1)
    for pattern in (_CODED, _ROAD, _JAPAN, _BOX, _POSTCODE):
        yield from ((begin, _whole(said, end)) for begin, end in (each.span() for each in pattern.finditer(said)))
    for match in _FLAT.finditer(said):
        if any(map(str.isdigit, match[0])):
            yield match.start(), _whole(said, match.end())


def _plausible(match: re.Match[str], said: str) -> int | None:
    """Return where the address begins, or None if the words are only about a way ("5 miles down the road")."""
    begin = match.start()
    words = list(re.finditer(r"[^\W\d_][\w'’-]*", match[0]))
    while (
        len(words) > 1
        and words[0].start() == begin - match.start()
        and words[0][0].islower()
        and is_ordinary(words[0][0])
    ):
        begin = match.start() + words[1].start()
        words.pop(0)
    spelled = [word[0] for word in words]
    inner = [word for word in spelled[:-1] if word.lower() not in ("de", "la", "du", "des", "le", "les", "del")]
    if not spelled or any(word.lower() in _NEVER_IN_A_STREET and not word[0].isupper() for word in inner):
        return None
    small = all(word.islower() for word in spelled)
    if small and spelled[-1] not in _SURE.split("|") and all(map(is_ordinary, spelled)):
        return None
    if small and inner and all(map(is_ordinary, inner)) and not _near_home(said, begin):
        return None
    return begin


_HOME = re.compile(
    r"(?:live|lives|living|address|home|house|move[ds]?|located|reside|at|to|is|deliver|ship|send|mail|:)\W{0,3}(?:at|to|is|on|in)?\W{0,3}$",
    re.IGNORECASE,
)


def _near_home(said: str, start: int) -> bool:
    return _HOME.search(said, max(0, start - 24), start) is not None


def _whole(said: str, end: int) -> int:
    """Return where an address ends, with the flat, the town, the state and the postcode that follow."""
    for _ in range(_MOST_PARTS):
        more = _REST.match(said, end)
        if more is None:
            break
        end = more.end()
    # A full stop may end an abbreviation or the sentence; it identifies nobody.
    return end - (said[end - 1] == ".")
