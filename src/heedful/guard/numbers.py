"""Find what identifies a person by its form: addresses of the net, phone, card, account and other numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from heedful.guard.names import is_ordinary

_DIGIT = re.compile(r"\d")
_SEPARATED = re.compile(r"[\s.\-–/()]+")
Found = tuple[int, int, str]
"""Where something begins and ends, and of which kind it is."""

_AT = r"(?:@|\s?[\[(<{]\s?at\s?[\])>}]\s?|\sat\s)"
_DOT = r"(?:\.|\s?[\[(<{]\s?dot\s?[\])>}]\s?|\sdot\s)"
_EMAIL = re.compile(
    rf"(?<![\w.+%-])\w[\w.+%'-]{{0,63}}(?:@|＠)(?:[\w-]{{1,63}}\.){{1,5}}[^\W\d_]{{2,24}}"
    rf"|(?<![\w.+-])\w[\w.+-]{{0,40}}(?:\sdot\s\w{{1,30}}){{0,3}}{_AT}[\w-]{{1,40}}(?:{_DOT}[\w-]{{1,20}}){{0,2}}{_DOT}"
    r"(?:com|net|org|edu|gov|io|co|uk|us|ca|au|de|fr|es|it|nl|pt|br|mx|in|jp|cn|ru|pl|se|no|dk|fi|ch|at|be|ie|nz|me|info)\b",
    re.IGNORECASE,
)
_HANDLE = re.compile(
    r"(?<![\w@.])@[^\W\d][\w.]{1,29}(?<![.])"
    r"|(?:https?://)?(?:www\.)?(?:facebook|fb|instagram|twitter|tiktok|linkedin|github|snapchat|t|x)\.(?:com|me)"
    r"/[\w./@?=&%-]{2,80}"
    r"|(?<=discord\s)\w{2,32}#\d{4}",
    re.IGNORECASE,
)
_ACCOUNT_NAME = re.compile(
    r"(?<!\w)(?:snap(?:chat)?|insta(?:gram)?|ig|discord|twitter|tiktok|telegram|skype|kik|reddit|xbox|psn|steam|user ?name|gamertag|login)"
    r"(?:\s(?:name|handle|id|account|user))?(?:\sis|\s?:|\s=)\s?(@?[\w.#-]{3,40}\w)",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"(?<!\w)(?:(?:cvv|cvc|pin(?: code)?|security code|passcode)(?:\s(?:is|was)|\s?:)?\s?(\d{3,8})(?!\w)"
    r"|(?:card|account|visa|mastercard|amex)\s(?:that )?(?:ending|ends)(?:\s(?:in|with))?\s(\d{3,4})(?!\w)"
    r"|password(?:\sis|\s?:)\s?([^\s,;]{4,64}))",
    re.IGNORECASE,
)
_NET = re.compile(
    r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.]\d|\d)"
    r"|(?<![\w:])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:])"
    r"|(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){1,6}(?![\w:])",
    re.IGNORECASE,
)
_PLACE_ON_EARTH = re.compile(
    r"(?<![\w.])[-+]?\d{1,2}\.\d{3,10}°?\s?[NS]?,\s?[-+]?\d{1,3}\.\d{3,10}°?(?:\s?[EW])?(?![\w.])"
)
_IBAN = re.compile(
    r"(?<!\w)[A-Z]{2}\d{2}(?:[ \-]?[A-Z0-9]{4}){2,7}(?:[ \-]?[A-Z0-9]{1,4})?(?!\w)|(?<!\w)[a-z]{2}\d{2}[a-z0-9]{11,30}(?!\w)"
)
_NUMBER = re.compile(
    r"(?<![\w.])(?:\+|\(\+?)?\d(?:[\s.\-–/()]{0,3}\d){5,22}(?:\s?(?:x|ext\.?|extension)\s?\d{1,6})?(?!\w|[.,]\d)"
)

_HEALTH = (
    r"nhs|mrn|medical record|patient|health(?: ?card| insurance)?|hospital|medicare|medicaid|mbi|insurance|policy|"
    r"krankenversicherung|versicherten|carte vitale|tarjeta sanitaria|prescription|chart"
)
_ACCOUNT = r"account|acct|a/c|sort(?: code)?|routing|aba|iban|bic|swift|bsb|konto|cuenta|compte|conto|bank"
_ID = (
    r"ssn|social security|social insurance|sin|national insurance|nino|ni|passport|reisepass|passeport|pasaporte|"
    r"driver'?s? licen[cs]e|driving licen[cs]e|licen[cs]e(?: plate)?|dni|nie|nif|cpf|cnpj|curp|rfc|aadhaar|aadhar|pan|"
    r"tax(?: file| payer)?|tfn|tin|ein|itin|steuer|visa|green card|employee|student|badge|staff|member(?:ship)?|customer|"
    r"client|case|claim|ref(?:erence)?|booking|order|tracking|national|identity|identification|personalausweis|codice fiscale|"
    r"plate|registration|vin|imei|serial|user ?id|voter"
)
_LABEL = r"(?:\s?(?:card|id|number|num|no|nr|#|code|identifier|registration|account|plate|ref|record|identity))"
_LEAD = r"[\s:#=(\"'-]{0,4}(?:(?:is|was|it's|are|ist|es|est|è|é)[\s:\"']{1,3})?"
_TOLD = re.compile(
    rf"(?<!\w)(?:(?P<health>{_HEALTH})|(?P<account>{_ACCOUNT})|(?P<id>{_ID})){_LABEL}{{0,3}}[.:]?{_LEAD}", re.IGNORECASE
)
_CODED = re.compile(
    r"(?=[A-Za-z\-]*\d)[A-Za-z0-9]+(?:[/.\- ](?=[A-Za-z\-]*\d)[A-Za-z0-9]+|[/.\- ](?=[A-Z]{1,3}\b)[A-Z]{1,3}(?:[/.\- ](?=\d)[A-Za-z0-9]+)?)*"
)
_LETTERED = re.compile(r"[A-Za-z]{1,3}[/.\- ]?(?=\d)")

_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("health id", re.compile(r"(?<!\w)\d[A-Z][A-Z0-9]\d-?[A-Z][A-Z0-9]\d-?[A-Z]{2}\d\d(?!\w)")),  # US Medicare
    ("health id", re.compile(r"(?<!\w)[A-Z]\d{9}(?!\w)")),  # Germany
    ("id", re.compile(r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])")),  # US social security
    ("id", re.compile(r"(?<!\w)[A-Z]{2}\s?\d\d\s?\d\d\s?\d\d\s?[A-Z](?!\w)", re.IGNORECASE)),
    ("id", re.compile(r"(?<!\w)[A-Z]{6}\d\d[A-EHLMPR-T]\d\d[A-Z]\d{3}[A-Z](?!\w)", re.IGNORECASE)),  # Italy
    ("id", re.compile(r"(?<!\w)[12]\s?\d\d\s?[01]\d\s?\d[\dAB]\s?\d{3}\s?\d{3}(?:\s?\d\d)?(?!\w)")),  # France
    ("id", re.compile(r"(?<!\w)(?:\d{8}|[XYZ]-?\d{7})-?[A-HJ-NP-TV-Z](?!\w)", re.IGNORECASE)),  # Spain
    ("id", re.compile(r"(?<![\w.])\d{3}\.\d{3}\.\d{3}-\d\d(?!\w)")),  # Brazil
    ("id", re.compile(r"(?<!\w)[A-Z]{5}\d{4}[A-Z](?!\w)")),  # India, tax
    ("id", re.compile(r"(?<!\w)[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d(?!\w)")),  # Mexico
    ("id", re.compile(r"(?<!\w)\d{6}(?:[-+]\d{4}|[-+A]\d{3}\w)(?!\w)")),  # Sweden, Denmark, Finland
    (
        "number",
        re.compile(
            r"(?<!\w)(?=[A-Z-]{0,12}\d)(?=\d{0,12}-?[A-Z])(?=(?:[A-Z-]{0,12}\d){4})[A-Z0-9][A-Z0-9-]{5,24}[A-Z0-9](?!\w)"
        ),
    ),
    ("id", re.compile(r"(?<!\w)(?!(?:19|20)\d\d\s(?:19|20)\d\d)\d{4}\s\d{4}\s\d{4}(?![\w]|\s\d{4})")),  # India, Aadhaar
    (
        "account",
        re.compile(
            r"(?<![\w-])\d\d-\d\d-\d\d[\s,]{1,2}(?:(?:and |account |acc(?:oun)?t? ?(?:no\.?|number)? ?)?)\d{8}(?!\w)"
        ),
    ),
    ("account", re.compile(r"(?<!\w)(?:0x[0-9a-fA-F]{40}|bc1[a-z0-9]{25,60}|[13][a-km-zA-HJ-NP-Z1-9]{25,34})(?!\w)")),
)
_SPOKEN = re.compile(
    r"(?<!\w)(?:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple)[\s,.-]{1,3}){6,20}"
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)(?!\w)",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?|aug(?:ust|\.)?|sept?(?:ember|\.)?|"
    r"oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?|januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|"
    r"février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|"
    r"julio|agosto|septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|"
    r"ottobre|dicembre|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|dezembro)"
)
_DAY = r"(?:[0-3]?\d(?:st|nd|rd|th|\.|er|º)?)"
_DATE = (
    rf"(?:{_DAY}(?:\s(?:of|de|of the))?[\s./-]{{1,2}}{_MONTH}(?:,?[\s./-]{{1,2}}(?:de(?:l)?\s)?(?:\d{{4}}|'?\d\d))?"
    rf"|{_MONTH}\s{_DAY}(?:,?\s(?:\d{{4}}|'\d\d))?|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}"
    r"|\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?(?:\d{4}|\d\d)|(?:19|20)\d{6})"
)
_BORN = re.compile(
    r"(?<!\w)(?:born|b\.|dob|d\.o\.b\.?|date of birth|birth ?date|birth ?day|bday|née?e? le|geboren|geburtsdatum|geb\.|nacid[oa]|nací|"
    r"fecha de nacimiento|nat[oa]|data di nascita|nascid[oa]|nasci|data de nascimento|date de naissance)"
    rf"(?:[\s:,(='-]|is|was|on|in|the|at|el|il|am|le|em|dia|día|turned|ist|es|è|é){{1,12}}?({_DATE}|(?:19|20)\d\d)(?!\w)",
    re.IGNORECASE,
)
_LONG_AGO = re.compile(
    rf"(?<![\w/.-])(?:\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:19\d\d|200\d)|19\d\d-\d\d-\d\d|{_DAY}\s{_MONTH},?\s19\d\d|{_MONTH}\s{_DAY},?\s19\d\d)(?![\w/-])",
    re.IGNORECASE,
)
_DATE_LIKE = re.compile(
    r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?:\s\d{1,2})?$|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d\d(?:\s\d{1,2})?$"
)
_CALLED = re.compile(
    r"(?:call|text|phone|tel|telephone|mobile|cell|number|reach|whatsapp|fax|ring|dial|contact|sms|signal|handy|móvil|"
    r"teléfono|téléphone|numéro|nummer|telefon|cellulare|landline|work|home|at|on|is|m|t|p)\W{0,6}$",
    re.IGNORECASE,
)
_MOST_LOOKED_UP = 100
_LONGEST_CODE = 40


def numbers(said: str) -> Iterator[Found]:
    """Yield everything that identifies by its form, best kinds first; what is found may overlap.

    Args:
        said: any string. The time taken grows in proportion to its length.
    """
    if "@" in said or "＠" in said or "at" in said.lower():
        yield from ((*match.span(), "email") for match in _EMAIL.finditer(said))
    yield from ((*match.span(), "handle") for match in _HANDLE.finditer(said) if not _is_mask(match[0]))
    for match in _ACCOUNT_NAME.finditer(said):
        if re.search(r"[\d_.#]", match[1]) or not is_ordinary(match[1]):
            yield (*match.span(1), "handle")
    for match in _SECRET.finditer(said):
        begin, end = match.span(match.lastindex or 0)
        if not is_ordinary(said[begin:end].rstrip(".!?")):
            yield begin, end, "number" if match[1] else "card" if match[2] else "id"
    yield from ((*match.span(), "number") for match in _SPOKEN.finditer(said))
    if not _DIGIT.search(said):
        return
    yield from ((*match.span(1), "date of birth") for match in _BORN.finditer(said))
    yield from ((*match.span(), "date of birth") for match in _LONG_AGO.finditer(said))
    yield from ((*match.span(), "net address") for match in _NET.finditer(said) if _is_net(match[0]))
    yield from ((*match.span(), "address") for match in _PLACE_ON_EARTH.finditer(said))
    yield from ((*match.span(), "account") for match in _IBAN.finditer(said) if _is_iban(match[0]))
    yield from _told(said)
    for kind, form in _FORMS:
        yield from ((*match.span(), kind) for match in form.finditer(said))
    for count, match in enumerate(_NUMBER.finditer(said)):
        found = _kind(said, match, look_up=count < _MOST_LOOKED_UP)
        if found:
            yield (*match.span(), found)


def luhn(digits: str) -> bool:
    """Say whether the check digit of a card number is right (ISO/IEC 7812-1)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def mod97(account: str) -> bool:
    """Say whether the check digits of an IBAN are right (ISO 13616); only letters and digits may be in it."""
    return int("".join(str(int(sign, 36)) for sign in account[4:] + account[:4])) % 97 == 1


def nhs(digits: str) -> bool:
    """Say whether the check digit of an NHS number is right (modulus 11)."""
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9]))
    return len(digits) == 10 and (11 - total % 11) % 11 == int(digits[9])


def _is_mask(handle: str) -> bool:
    return handle.lower() in ("@user", "@someone", "@everyone", "@here", "@all")


def _is_net(found: str) -> bool:
    return "." in found or ":" in found or "-" in found


def _is_iban(found: str) -> bool:
    account = re.sub(r"[ \-]", "", found).upper()
    if not (found[:2].isupper() or mod97(account)):
        return False
    return account.isascii() and 15 <= len(account) <= 34


def _told(said: str) -> Iterator[Found]:
    """Yield numbers that are announced: "my passport is X1234567"."""
    for match in _TOLD.finditer(said):
        begin = match.end()
        lettered = _LETTERED.match(said, begin)  # letters first, as in "AB 123456"
        coded = _CODED.match(said, lettered.end() if lettered else begin, begin + _LONGEST_CODE)
        if coded is None or sum(map(str.isdigit, coded[0])) < 3 or _is_amount(said, begin, coded.end()):
            continue
        kind = next(name for name in ("health", "account", "id") if match[name])
        named = len(re.sub(r"\W", "", coded[0])) >= 5 or re.search(
            r"number|code|\bno\b|#|id\b", match[0], re.IGNORECASE
        )
        if named:
            yield begin, coded.end(), "health id" if kind == "health" else kind


def _is_amount(said: str, start: int, end: int) -> bool:
    return said[max(0, start - 1) : start] in tuple("$€£¥") or bool(
        re.match(r"\s?(?:%|dollars|euros?|pounds|years|days)", said[end : end + 9])
    )


def _kind(said: str, match: re.Match[str], *, look_up: bool) -> str | None:
    """Return of which kind a run of digits and separators is, or None if it identifies nobody."""
    found = match[0]
    digits = re.sub(r"\D", "", re.split(r"[xe]", found, flags=re.IGNORECASE)[0])
    groups = _SEPARATED.split(found.strip("+()"))
    if not digits.isascii():
        digits = "".join(str(int(digit)) for digit in digits)
    if 13 <= len(digits) <= 19 and luhn(digits):
        return "card"
    if (
        _DATE_LIKE.match(found)
        or _is_count(found, groups, digits)
        or said[max(0, match.start() - 1) : match.start()] in tuple("$€£¥")
    ):
        return None
    called = _CALLED.search(said, max(0, match.start() - 24), match.start()) is not None
    dialled = found[0] in "+(" or digits.startswith("00")
    if nhs(digits) and [len(group) for group in groups] == [3, 3, 4] and not called and " " in found:
        return "health id"
    if 7 <= len(digits) <= 15 and (dialled or called or (look_up and _is_phone(found))):
        return "phone"
    if len(digits) < 7:
        return "phone" if dialled and called else None
    return "card" if 13 <= len(digits) <= 19 and len(groups) > 2 else "number"


def _is_count(found: str, groups: list[str], digits: str) -> bool:
    """Say whether a number counts something: a million, years, a score."""
    if all(len(group) == 4 and group[:2] in ("19", "20") for group in groups):
        return True
    if digits.strip("0") == "" or re.fullmatch(r"\d{1,3}0{5,}", digits):
        return True
    if len(groups) > 3 and all(len(group) <= 2 for group in groups) and "+" not in found and "(" not in found:
        return not all(len(group) == 2 for group in groups)
    return any(len(second) == 0 for _, second in pairwise(groups)) and len(digits) < 7


def _is_phone(found: str) -> bool:
    """Say whether a number could be dialled somewhere, by the numbering plans of the world."""
    import phonenumbers  # 0.04 s, and needed only where there is a number

    for region in (
        "US",
        "GB",
        "DE",
        "FR",
        "ES",
        "IT",
        "IN",
        "AU",
        "BR",
        "MX",
        "JP",
        "NL",
        "PL",
        "SE",
        "ZA",
        "NG",
        "CN",
    ):
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(found, region)):
                return True
        except phonenumbers.NumberParseException:
            return False
    return False
