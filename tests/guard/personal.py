"""Make messages with personal data in many formats: everything is invented, and what is random is seeded.

There are two halves that share no template: `build` was looked at while the rules were written, `final` gives the
figure. Many of the names are on no list of the package.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from heedful.guard.numbers import luhn

Half = Literal["build", "final"]


@dataclass(frozen=True)
class Personal:
    """A message, and the stretches of it that nobody may find in what is stored."""

    text: str
    kind: str
    secrets: tuple[str, ...]


GIVEN = {
    "build": (
        "Sarah Marcus Aisha Wei Giulia Björn Siobhán Katarzyna Oluwaseun Priya José Nguyet Thandiwe Yuki Dmitri Fatima Zsófia "
        "Eero Mehmet Anneliese Rosalind Tyrone Keisha Hamish Ximena Leilani Bartholomew Ingeborg Joaquín Noor"
    ).split(),
    "final": (
        "Emily Darnell Khadija Xiuying Matteo Søren Niamh Zbigniew Chukwudi Lakshmi Álvaro Huong Sipho Haruto Svetlana Yusuf "
        "Réka Aino Emre Friederike Winifred Latoya Callum Itzel Kealoha Ottoline Torvald Iñaki Samira Quentin"
    ).split(),
}
FAMILY = {
    "build": (
        "Connor Abernathy Rahman Zhang Bianchi Lindqvist O'Sullivan Wójcik Adeyemi Venkatesan García-López Tran Mbeki Tanaka "
        "Volkov al-Hashimi Kovács Virtanen Yıldırım Baumgartner Thistlewood Washington MacAllister Castellanos Kahananui"
    ).split(),
    "final": (
        "Hargreaves Okonjo-Bell Farouk Huang Mancuso Rasmussen O'Donoghue Szymańska Nwachukwu Raghunathan Ibáñez Pham Dlamini "
        "Kobayashi Petrenko bin-Saleh Halász Korhonen Karahan Zimmerli Cholmondeley Beauchamp Drummond Quetzal van-Houten"
    ).split(),
}
NAME_TEMPLATES = {
    "build": (
        "My name is {full} and I don't know what to do.",
        "I'm {given}, by the way.",
        "I had another fight with {given} last night.",
        "my boss {full} humiliated me in front of everyone",
        "{full} was my best friend until last summer.",
        "I told {given} that I need some space and now I feel awful.",
        "Yesterday Dr. {family} said it is benign!",
        "my name is {small} and i feel so lonely",
        "Me llamo {full} y estoy muy triste.",
        "It has been a year since {given} and I broke up.",
        "Please let {full} know that I won't come.",
        "We named the baby {given}. I could cry with joy.",
    ),
    "final": (
        "Hi, this is {full}. Can we talk?",
        "It hurts that {given} never called back.",
        "I miss my sister {given} so much it aches.",
        "Everyone calls me {given}, and today everyone forgot my birthday.",
        "My therapist, Mrs {family}, is on leave and I'm spiralling.",
        "I keep dreaming about {full}, who died in March.",
        "Since {full} joined the team nobody listens to me any more.",
        "i go by {small} online but nobody there knows me",
        "Je m'appelle {full} et je suis à bout.",
        "Do you think {given} will ever forgive me?",
        "I passed the exam!! Thanks to Professor {family} :)",
        "Today I said goodbye to {full} at the airport.\nTake care, {given}",
    ),
}
ADDRESSES = {
    "build": (
        "{n} Maple Street", "{n} Old Mill Road, Apt {m}B", "Flat {m}, {n} Acacia Avenue, Leeds LS6 3HN",
        "{n} W 42nd St, New York, NY 10036", "Lindenstraße {m}, 10969 Berlin", "{m} rue des Lilas, 75020 Paris",
        "Calle de Alcalá {n}, 28009 Madrid", "Via Garibaldi {m}, 16124 Genova", "Keizersgracht {n}, 1016 EK Amsterdam",
        "P.O. Box {n}", "ul. Długa {m}, 31-147 Kraków", "{n} evergreen terrace",
    ),
    "final": (
        "{n} Birchwood Lane", "{n} S Harbor Blvd, Unit {m}", "{m}A Queen's Crescent, Glasgow G4 9BL",
        "{n} NE Alberta Ct, Portland, OR 97211", "Am Alten Markt {m}, 50667 Köln", "{m} bis avenue Victor Hugo, 69006 Lyon",
        "Avenida da Liberdade {n}, 1250-142 Lisboa", "Piazza San Marco {m}, 30124 Venezia", "Storgatan {m}, 903 26 Umeå",
        "PO Box {n}", "{n} Bayview Drive, Toronto, ON M4G 3A7", "{n} cedar avenue",
    ),
}  # fmt: skip
ADDRESS_TEMPLATES = {
    "build": (
        "I live at {}.",
        "They broke into our home at {} last night.",
        "Please send help to {}",
        "we moved to {} in May",
    ),
    "final": (
        "My address is {} if anybody asks.",
        "I grew up at {}.",
        "The flat at {} still smells of her.",
        "come to {} please",
    ),
}
PHONES = {
    "build": ("({a}) 555-{b}", "+44 20 7946 {b}", "{a}-555-{b}", "07700 900{c}", "+49 30 {c}{b}", "+1 {a} 555 {b}", "06 12 34 {d} {e}", "{a}.555.{b}"),
    "final": ("+33 6 12 {d} {e} {f}", "{a} 555 {b}", "0044 7700 900{c}", "+91 98{d}0 {b}{e}", "1-{a}-555-{b}", "(020) 7946 {b}", "+61 4{d} {c} {c}", "{a}555{b}"),
}  # fmt: skip
PHONE_TEMPLATES = {
    "build": (
        "Call me on {}, any time.",
        "my number is {}",
        "He keeps texting me from {}.",
        "You can reach my mum at {}",
    ),
    "final": (
        "Ring {} and ask for me.",
        "I lost my phone, use {} for now",
        "My ex calls from {} every night.",
        "tel. {}",
    ),
}
MAILS = {
    "build": ("{u}@example.com", "{u}.{v}@mail.example.org", "{u}_{n}@example.co.uk", "{u} at gmail dot com", "{u}+{v}@example.io"),
    "final": ("{u}{n}@example.net", "{u}-{v}@uni.example.edu", "{u}[at]example[dot]com", "{U}@EXAMPLE.DE", "{u}.{v}@a.b.example.fr"),
}  # fmt: skip
MAIL_TEMPLATES = {
    "build": ("Write to {} please.", "my mail is {} and I check it too often"),
    "final": ("You'll find me under {}.", "She wrote to {} and said it's over"),
}
IDS = {
    "build": (
        ("My social security number is {}.", "{3}-{2}-{4}"), ("passport no. {} was stolen", "X{7}"),
        ("NHS number {}", "943 476 5919"), ("my patient id is {}", "MRN{6}"), ("driving licence: {}", "MORGA{6}SM9IJ"),
        ("I was born on {}.", "12 March 19{2}"), ("DOB {}", "0{1}/1{1}/198{1}"), ("IBAN {}", "DE89 3704 0044 0532 0130 00"),
        ("they emptied my account, sort code {}", "20-{2}-{2} {8}"), ("my member number is {}", "{9}"), ("CPF {}", "{3}.{3}.{3}-{2}"),
    ),
    "final": (
        ("They asked for my SSN: {}", "{3} {2} {4}"), ("My passport is {} and it has expired.", "{9}"),
        ("medicare card {}", "1EG4-TE5-MK73"), ("hospital number: {}", "H{7}"), ("National Insurance number {}", "QQ {2} {2} {2} C"),
        ("my birthday is {}", "1{1}.0{1}.199{1}"), ("date of birth: {}", "19{2}-0{1}-1{1}"), ("paid from {}", "GB82 WEST 1234 5698 7654 32"),
        ("my account number is {}", "{8}"), ("insurance policy {}", "PX-{6}"), ("my DNI is {}", "{8}Z"),
    ),
}  # fmt: skip


def messages(half: Half, count: int, seed: int) -> list[Personal]:
    """Return `count` messages of a half, the kinds in turn."""
    chance = random.Random(seed)
    makers: tuple[Callable[[Half, random.Random], Personal], ...] = (
        _name,
        _address,
        _phone,
        _name,
        _mail,
        _id,
        _name,
        _card,
    )
    return [makers[number % len(makers)](half, chance) for number in range(count)]


def _name(half: Half, chance: random.Random) -> Personal:
    given, family = chance.choice(GIVEN[half]), chance.choice(FAMILY[half])
    template = chance.choice(NAME_TEMPLATES[half])
    parts = {"given": given, "family": family, "full": f"{given} {family}", "small": given.lower()}
    secrets = tuple(
        parts[key] for key in ("given", "family", "small") if key in template.replace("full", "given family")
    )
    return Personal(template.format(**parts), "name", secrets)


def _address(half: Half, chance: random.Random) -> Personal:
    address = chance.choice(ADDRESSES[half]).format(n=chance.randint(2, 1999), m=chance.randint(1, 99))
    return Personal(chance.choice(ADDRESS_TEMPLATES[half]).format(address), "address", tuple(address.split(", ")))


def _phone(half: Half, chance: random.Random) -> Personal:
    digits = {"a": chance.randint(201, 989), "b": f"{chance.randint(0, 9999):04}", "c": f"{chance.randint(0, 999):03}"}
    digits |= {key: f"{chance.randint(10, 99)}" for key in "def"}
    phone = chance.choice(PHONES[half]).format(**digits)
    return Personal(chance.choice(PHONE_TEMPLATES[half]).format(phone), "phone", (phone, phone[-4:]))


def _mail(half: Half, chance: random.Random) -> Personal:
    user, other = chance.choice(("mara", "jonas77", "t.lee", "kiwi")), chance.choice(("west", "blue", "k"))
    mail = chance.choice(MAILS[half]).format(u=user, U=user.upper(), v=other, n=chance.randint(1, 99))
    return Personal(chance.choice(MAIL_TEMPLATES[half]).format(mail), "email", (mail, user))


def _id(half: Half, chance: random.Random) -> Personal:
    template, form = chance.choice(IDS[half])
    for length in range(1, 10):
        while f"{{{length}}}" in form:
            number = "".join(chance.choice("123456789") for _ in range(length))
            form = form.replace(f"{{{length}}}", number, 1)
    return Personal(template.format(form), "id", (form,))


def _card(half: Half, chance: random.Random) -> Personal:
    body = chance.choice(("4", "51", "37", "6011"))
    length = 14 if body == "37" else 15
    body += "".join(chance.choice("0123456789") for _ in range(length - len(body)))
    number = next(body + check for check in "0123456789" if luhn(body + check))
    groups = " ".join(number[place : place + 4] for place in range(0, len(number), 4))
    card = chance.choice((number, groups, groups.replace(" ", "-")))
    told = {
        "build": "My card {} was declined in front of everyone.",
        "final": "Someone paid with {}, and it wasn't me.",
    }
    return Personal(told[half].format(card), "card", (card, card[-3:]))
