#!/usr/bin/env python3
"""Tests of verify_queue.py: `python3 test_verify_queue.py`, with nothing but Python 3.11.

Each test writes ledgers with a correct chain and correct signatures, unless the chain is what it is about: what is
found is then found by the rule that was broken and by nothing else.
"""

from __future__ import annotations

import contextlib
import copy
import io
import json
import random
import sys
import tempfile
import unittest
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.dont_write_bytecode = True

import verify_queue as vq  # noqa: E402

# ----------------------------------------------------------------------------------------------------------------------
# Signing (RFC 8032, 5.1.5 and 5.1.6), which a verifier does not need.
# ----------------------------------------------------------------------------------------------------------------------


def encode_point(point: vq.Point) -> bytes:
    """A point as 32 bytes."""
    inverse = pow(point[2], -1, vq.PRIME)
    x, y = point[0] * inverse % vq.PRIME, point[1] * inverse % vq.PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little")


def secret_scalar(secret: bytes) -> int:
    """The number that a secret key stands for."""
    number = int.from_bytes(sha512(secret).digest()[:32], "little")
    return number & (2**254 - 8) | 2**254


def public_key(secret: bytes) -> bytes:
    """The public key of a secret key."""
    return encode_point(vq.multiply_point(secret_scalar(secret), vq.BASE))


def sign(secret: bytes, public: bytes, message: bytes) -> bytes:
    """A signature."""
    r = int.from_bytes(sha512(sha512(secret).digest()[32:] + message).digest(), "little") % vq.ORDER
    encoded = encode_point(vq.multiply_point(r, vq.BASE))
    k = int.from_bytes(sha512(encoded + public + message).digest(), "little") % vq.ORDER
    s = (r + k * secret_scalar(secret)) % vq.ORDER
    return encoded + s.to_bytes(32, "little")


SECRET = bytes(range(32))
PUBLIC = public_key(SECRET)
KEY_NAME = sha256(PUBLIC).hexdigest()[:16]
OTHER_SECRET = bytes(range(1, 33))

# ----------------------------------------------------------------------------------------------------------------------
# Writing ledgers.
# ----------------------------------------------------------------------------------------------------------------------

QUEUE = "0190a000-0000-7000-8000-000000000001"
OTHER_QUEUE = "0190a000-0000-7000-8000-000000000002"
OPENS_AT = datetime(2026, 12, 1, 8)
DAY, OTHER_DAY = "2027-01-04", "2027-01-11"

Object = dict[str, Any]


def ticket_id(number: int) -> str:
    """The ticket t1, t2, ..."""
    return f"00000000-0000-4000-8000-{number:012x}"


def place_id(number: int) -> str:
    """The place p1, p2, ..."""
    return f"11111111-0000-4000-8000-{number:012x}"


def moment(at: datetime) -> str:
    """A moment in an entry."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


class Book:
    """A ledger with a correct chain and correctly signed heads, whatever its entries say."""

    def __init__(self, queue: str = QUEUE) -> None:
        self.queue = queue
        self.now = OPENS_AT - timedelta(hours=1)
        self.entries: list[Object] = []
        self.texts: list[str | None] = []  # instead of the JSON of an entry
        self.first_days: dict[str, str] = {}
        self.erased_tickets: set[str] = set()
        self.erased_entries: set[int] = set()
        self.heads: list[Object] = []

    def add(self, what: str, **about: Any) -> int:
        """Writes an entry, a minute after the one before; moments may be `datetime`s. Returns its number."""
        self.now += timedelta(minutes=1)
        values = {name: moment(value) if isinstance(value, datetime) else value for name, value in about.items()}
        self.entries.append({"at": moment(self.now), "what": what, **values})
        self.texts.append(None)
        return len(self.entries)

    def is_erased(self, n: int) -> bool:
        """Whether entry n is erased."""
        return n in self.erased_entries or self.entries[n - 1].get("ticket") in self.erased_tickets

    def text(self, n: int) -> str:
        """The text of entry n."""
        return self.texts[n - 1] or json.dumps(self.entries[n - 1])

    def nonce(self, n: int) -> bytes:
        """The nonce of entry n."""
        return sha256(f"nonce {self.queue} {n}".encode()).digest()

    def commitment(self, n: int) -> bytes:
        """c(n), written down here a second time."""
        return sha256(b"dichterbij entry v1" + self.nonce(n) + self.text(n).encode()).digest()

    def head(self, count: int) -> bytes:
        """h(count)."""
        head = sha256(b"dichterbij queue v1" + bytes.fromhex(self.queue.replace("-", ""))).digest()
        for n in range(1, count + 1):
            head = sha256(b"dichterbij head v1" + head + self.commitment(n)).digest()
        return head

    def publish(self, secret: bytes = SECRET, **changed: Any) -> Object:
        """Signs the head of now, or what was changed about it, and publishes it."""
        count = changed.pop("count", len(self.entries))
        head: Object = {
            "queue": self.queue,
            "count": count,
            "head": self.head(min(count, len(self.entries))).hex(),
            "hour": (OPENS_AT + timedelta(hours=len(self.heads))).strftime("%Y-%m-%dT%H:00:00Z"),
            "key": KEY_NAME,
            **changed,
        }
        text = "dichterbij queue head v1\n" + "".join(f"{head[name]}\n" for name in ("queue", "count", "head", "hour"))
        head["signature"] = sign(secret, public_key(secret), text.encode()).hex()
        self.heads.append(head)
        return head

    def line(self, n: int) -> Object:
        """The line of entry n."""
        if self.is_erased(n):
            return {"n": n, "commitment": self.commitment(n).hex()}
        return {"n": n, "nonce": self.nonce(n).hex(), "entry": self.text(n)}

    def files(self) -> dict[str, list[Object]]:
        """The three files."""
        lines = [self.line(n) for n in range(1, len(self.entries) + 1)]
        return {
            "keys": [{"key": KEY_NAME, "ed25519": PUBLIC.hex()}],
            "heads": copy.deepcopy(self.heads),
            "ledger": [{"ledger": "dichterbij queue v1", "queue": self.queue}, *lines],
        }

    def receipt(self, n: int, head: Object) -> Object:
        """A receipt of entry n against a published head."""
        return {
            "receipt": "dichterbij queue v1",
            "queue": self.queue,
            "n": n,
            "nonce": self.nonce(n).hex(),
            "entry": self.text(n),
            "before": self.head(n - 1).hex(),
            "after": [self.commitment(later).hex() for later in range(n + 1, head["count"] + 1)],
            "head": copy.deepcopy(head),
        }

    def play(self, script: str) -> Book:
        """Writes the entries of a script: steps between semicolons, each `what`, then its ticket t1, place p1, and
        fields like `number=3`, moments like `until=+4h` or `days=` with a plus between days. What is left out is as it
        should be. `wait 24h` lets time pass, `erase t1` erases a person, `hide` erases only the entry before, `publish`
        publishes a head.
        """
        for text in script.split(";"):
            words = text.split()
            if not words:
                continue
            if words[0] == "wait":
                self.now += hours(words[1])
            elif words[0] == "erase":
                self.erased_tickets.add(ticket_id(int(words[1][1:])))
            elif words[0] == "hide":
                self.erased_entries.add(len(self.entries))
            elif words[0] == "publish":
                self.publish()
            else:
                self.play_step(words[0], words[1:])
        return self

    def play_step(self, what: str, words: list[str]) -> None:
        """Writes one entry of a script."""
        at = self.now + timedelta(minutes=1)
        about: Object = {}
        for word in words:
            name, is_given, value = word.partition("=")
            if name == "days":
                about[name] = value.split("+") if value else []
            elif is_given:
                about[name] = at + hours(value) if value[0] in "+-" else int(value) if name == "number" else value
            elif word[0] == "t":
                about["ticket"] = ticket_id(int(word[1:]))
            else:
                about["place"] = place_id(int(word[1:]))
        defaults: Object = {
            "opens_at": OPENS_AT,
            "first_day": self.first_days.get(about.get("place", ""), DAY),
            "days": sorted(set(self.first_days.values())),
            "reason": "a_reason",
            "number": int(about["ticket"][-12:], 16) if "ticket" in about else 0,
            "no_offer_before": at + timedelta(hours=24),
            "until": at + timedelta(hours=4),
        }
        for name in vq.FIELDS_OF_ENTRIES[what]:
            if name not in about:
                about[name] = defaults[name]
        if what == "place_added":
            self.first_days[about["place"]] = about["first_day"]
        self.add(what, **about)


def hours(text: str) -> timedelta:
    """`4h`, `+4h` or `-1m`."""
    number = float(text[:-1])
    return timedelta(hours=number) if text[-1] == "h" else timedelta(minutes=number)


def opened(script: str = "") -> Book:
    """A queue with two places of the same first day, and what a script adds."""
    return Book().play("queue_opened; place_added p1; place_added p2; wait 2h;" + script)


def findings(book: Book) -> vq.Findings:
    """What the verifier finds."""
    files = book.files()
    return vq.check_objects(files["keys"], files["heads"], files["ledger"], ("keys", "heads", "ledger"))


def first_fault(files: dict[str, list[Object]]) -> str | None:
    """The first wrong thing of three files."""
    return vq.first_fault_of_case(files)


# ----------------------------------------------------------------------------------------------------------------------
# Random true ledgers: a small queue that does what it should.
# ----------------------------------------------------------------------------------------------------------------------


@dataclass
class Person:
    """Somebody with a ticket."""

    number: int
    signed_up_at: datetime
    state: str = "in line"
    place: int = 0
    until: datetime = OPENS_AT
    confirmed: bool = False
    waits_until: datetime = OPENS_AT
    refused: set[str] = field(default_factory=set)
    is_erased: bool = False

    def could_take(self, day: str, now: datetime) -> bool:
        """Whether an offer can go to her."""
        return self.state == "in line" and self.confirmed and self.waits_until <= now and day not in self.refused


class Town:
    """People and places that meet at random, always by the rules; or unjustly, once the rules are told not to count."""

    def __init__(self, seed: int, erases: bool = False) -> None:
        self.random = random.Random(seed)
        self.erases = erases
        self.book = opened()
        self.people: list[Person] = []
        self.days = {1: DAY, 2: DAY}
        self.holders: dict[int, int] = {1: 0, 2: 0}
        self.withdrawn: set[int] = set()
        self.is_stopped = False
        self.is_closed = False

    def live(self, steps: int) -> Book:
        """Lets so many things happen."""
        for _ in range(steps):
            self.random.choice(
                [self.sign_up, self.sign_up, self.offer, self.offer, self.offer, self.confirm]
                + [self.answer, self.answer, self.move, self.begin, self.change_places, self.change_queue]
                + [self.refuse_days, self.correct] + [self.erase] * self.erases
            )()
            if self.random.random() < 0.2:
                self.book.now += timedelta(hours=self.random.choice([1, 5, 30]))
        return self.book

    @property
    def next_moment(self) -> datetime:
        """The moment of the next entry."""
        return self.book.now + timedelta(minutes=1)

    def add(self, what: str, person: Person | None = None, place: int = 0, **about: Any) -> None:
        """Writes an entry."""
        if place:
            about["place"] = place_id(place)
        if person:
            about["ticket"] = ticket_id(person.number)
        self.book.add(what, **about)

    def somebody(self, *states: str) -> Person | None:
        """One of the people in these states."""
        found = [person for person in self.people if person.state in states and not person.is_erased]
        return self.random.choice(found) if found else None

    def set(self, person: Person, state: str, place: int = 0) -> None:
        """Where somebody stands now, and with which place."""
        if person.place:
            self.holders[person.place] = 0
        person.state, person.place = state, place
        if place:
            self.holders[place] = person.number

    def sign_up(self) -> None:
        """Somebody comes, mostly confirms at once, and sometimes says on which days she cannot begin."""
        if self.is_closed:
            return
        person = Person(len(self.people) + 1, self.next_moment)
        self.people.append(person)
        self.add("signed_up", person, number=person.number)
        if self.random.random() < 0.2:
            self.refuse_days(person)
        if self.random.random() < 0.7:
            person.confirmed = True
            self.add("confirmed", person)

    def confirm(self) -> None:
        """Somebody confirms, or did not in time."""
        person = self.somebody("in line", "paused")
        if person is None or person.confirmed:
            return
        if self.next_moment >= person.signed_up_at + timedelta(hours=48):
            self.add("unconfirmed", person)
            self.set(person, "ended")
        else:
            person.confirmed = True
            self.add("confirmed", person)

    def offerable(self) -> list[int]:
        """Places that can be offered."""
        return [place for place, holder in self.holders.items() if not holder and place not in self.withdrawn]

    def offer(self, turn: int = 0) -> bool:
        """A place is offered to whoever has the first turn, or unjustly to a later one."""
        if self.is_stopped or self.is_closed or not self.offerable():
            return False
        place = self.random.choice(self.offerable())
        at = self.next_moment
        could = [
            person for person in self.people
            if not person.is_erased and person.could_take(self.days[place], at)
        ]
        if len(could) <= turn:
            return False
        person = could[turn]
        person.until = at + timedelta(hours=self.random.choice([2, 20]))
        self.add("offered", person, place, until=person.until)
        self.set(person, "offered", place)
        return True

    def answer(self) -> None:
        """Somebody answers, or does not."""
        person = self.somebody("offered")
        if person is None:
            return
        in_time = ["said_yes", "said_yes", "said_no", "not_that_day", "said_later", "not_reached"]
        what = self.random.choice(in_time) if self.next_moment <= person.until else "no_answer"
        if self.is_stopped and self.random.random() < 0.5:
            what = "offer_ended"
        about = {"first_day": self.days[person.place]} if what == "not_that_day" else {}
        self.add(what, person, person.place, **about)
        if what == "not_that_day":
            person.refused.add(self.days[person.place])
        if what == "said_yes":
            self.set(person, "yes", person.place)
        else:
            states = {"said_no": "left", "not_that_day": "in line", "offer_ended": "in line"}
            self.set(person, states.get(what, "paused"))

    def refuse_days(self, person: Person | None = None) -> None:
        """She, or somebody, says anew on which days she cannot begin, if there is anything new to say."""
        person = person or self.somebody("in line", "paused")
        days = [day for day in sorted(set(self.days.values())) if self.random.random() < 0.3]
        if person is not None and person.refused != set(days):
            self.add("refuses_days", person, days=days)
            person.refused = set(days)

    def move(self) -> None:
        """Somebody pauses, goes on, leaves, comes back, or has a new number."""
        what, before, after = self.random.choice([
            ("paused", ["in line"], "paused"),
            ("goes_on", ["paused"], "in line"),
            ("goes_on", ["paused"], "in line"),
            ("stepped_down", ["in line", "paused"], "left"),
            ("came_back", ["left"], "in line"),
            ("contact_changed", ["in line", "paused", "offered", "yes"], ""),
        ])
        person = self.somebody(*before)
        if person is None:
            return
        if what != "contact_changed":
            self.add(what, person)
            self.set(person, after)
        elif person.confirmed:
            person.waits_until = self.next_moment + timedelta(hours=24)
            self.add(what, person, no_offer_before=person.waits_until)

    def begin(self) -> None:
        """Somebody who said yes begins, or does not."""
        person = self.somebody("yes")
        if person is None:
            return
        what, after = self.random.choice([("gave_back", "paused"), ("started", "started"), ("no_show", "ended")])
        self.add(what, person, person.place)
        place = person.place if what == "started" else 0
        self.set(person, after, place)
        if what != "gave_back" and not self.is_closed and self.random.random() < 0.2:
            self.add("set_right", person, place, reason="first_day")
            self.set(person, "in line")

    def change_places(self) -> None:
        """A place more, or one less."""
        if self.random.random() < 0.8:
            place = len(self.days) + 1
            self.days[place] = self.random.choice([DAY, OTHER_DAY])
            self.holders[place] = 0
            self.add("place_added", place=place, first_day=self.days[place])
        else:
            place = self.random.choice([place for place in self.days])
            if place not in self.withdrawn:
                self.withdrawn.add(place)
                self.add("place_withdrawn", place=place, reason="no_work")

    def change_queue(self) -> None:
        """A labour conflict, its end, seldom the end of the queue, and a head."""
        if self.is_stopped:
            self.add("offers_go_on")
            self.is_stopped = False
        elif self.random.random() < 0.2:
            self.add("offers_stopped", reason="strike")
            self.is_stopped = True
        elif self.random.random() < 0.02 and not self.is_closed:
            self.add("queue_closed", reason="enough")
            self.is_closed = True
        elif self.random.random() < 0.2 and len(self.book.heads) < 2:
            self.book.publish()

    def correct(self) -> None:
        """A wrong no is made a later, or a wrong absence a giving back."""
        person = self.somebody("offered", "yes")
        if person is None or self.random.random() < 0.5:
            return
        if person.state == "offered" and person.until < self.next_moment:
            return
        wrong, right = ("said_no", "said_later") if person.state == "offered" else ("no_show", "gave_back")
        self.add(wrong, person, person.place)
        self.add("corrected", person, reason="wrong_person")
        self.add(right, person, person.place)
        self.set(person, "paused")

    def erase(self) -> None:
        """Somebody is erased; her place comes free."""
        if not self.people:
            return
        person = self.random.choice(self.people)
        if person.is_erased or self.random.random() < 0.5:
            return
        person.is_erased = True
        self.book.erased_tickets.add(ticket_id(person.number))
        if person.place:
            self.add("place_freed", place=person.place)
            self.set(person, "ended")


# ----------------------------------------------------------------------------------------------------------------------
# Signatures.
# ----------------------------------------------------------------------------------------------------------------------

RFC_8032_VECTORS = [  # section 7.1: secret key, public key, message, signature
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
        "3dca179c138ac17ad9bef1177331a704",
    ),
]


class Signatures(unittest.TestCase):
    """Ed25519."""

    def test_the_vectors_of_rfc_8032_hold(self) -> None:
        for secret, public, message, signature in RFC_8032_VECTORS:
            key, text, proof = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
            self.assertTrue(vq.signature_holds(key, text, proof))
            self.assertEqual(public_key(bytes.fromhex(secret)), key)
            self.assertEqual(sign(bytes.fromhex(secret), key, text), proof)

    def test_another_message_key_or_signature_does_not_hold(self) -> None:
        message = b"first come, first served"
        signature = sign(SECRET, PUBLIC, message)
        self.assertTrue(vq.signature_holds(PUBLIC, message, signature))
        self.assertFalse(vq.signature_holds(PUBLIC, message + b".", signature))
        self.assertFalse(vq.signature_holds(public_key(OTHER_SECRET), message, signature))
        for place in (0, 31, 32, 62):
            changed = bytearray(signature)
            changed[place] ^= 1
            self.assertFalse(vq.signature_holds(PUBLIC, message, bytes(changed)))
        self.assertFalse(vq.signature_holds(PUBLIC, message, signature[:63]))
        self.assertFalse(vq.signature_holds(PUBLIC[:31], message, signature))

    def test_a_second_way_to_write_s_is_refused(self) -> None:
        signature = sign(SECRET, PUBLIC, b"")
        s = int.from_bytes(signature[32:], "little") + vq.ORDER
        self.assertFalse(vq.signature_holds(PUBLIC, b"", signature[:32] + s.to_bytes(32, "little")))

    def test_a_second_way_to_write_a_point_is_refused(self) -> None:
        one = (1).to_bytes(32, "little")
        self.assertIsNotNone(vq.decode_point(one))
        self.assertIsNone(vq.decode_point((vq.PRIME + 1).to_bytes(32, "little")))
        self.assertIsNone(vq.decode_point((1 | 1 << 255).to_bytes(32, "little")))

    def test_what_is_no_point_is_refused(self) -> None:
        self.assertIsNone(vq.decode_point((2).to_bytes(32, "little")))
        decoded = [vq.decode_point(sha256(bytes([n])).digest()) for n in range(64)]
        self.assertIn(None, decoded)
        for point in filter(None, decoded):
            x, y = point[0], point[1]
            self.assertEqual((y * y - x * x - 1 - vq.D * x * x * y * y) % vq.PRIME, 0)

    def test_a_key_that_signs_everything_is_refused(self) -> None:
        """With the neutral point as key and as R, and S = 0, the equation holds for every message."""
        neutral = encode_point(vq.NEUTRAL)
        self.assertFalse(vq.signature_holds(neutral, b"anything", neutral + bytes(32)))
        self.assertFalse(vq.signature_holds(PUBLIC, b"anything", neutral + bytes(32)))


# ----------------------------------------------------------------------------------------------------------------------
# The chain.
# ----------------------------------------------------------------------------------------------------------------------


class Chain(unittest.TestCase):
    """Rule 1."""

    def assert_faults(self, book: Book, *expected: str) -> None:
        """These faults in this order and no others."""
        wrong = findings(book).wrong
        self.assertEqual(len(wrong), len(expected), wrong)
        for sentence, part in zip(wrong, expected):
            self.assertIn(part, sentence)

    def test_a_true_ledger_holds_and_says_what_is_not_proven(self) -> None:
        book = opened("signed_up t1; publish; confirmed t1; publish; offered t1 p1; said_yes t1 p1")
        result = findings(book)
        self.assertEqual((result.wrong, result.notes), ([], []))
        self.assertIn("7 entries, 0 of them erased; 2 published heads", result.facts[0])
        self.assertIn("2 entries, from entry 6, that nothing proves yet", result.facts[1])
        self.assertIn("Offers: 1. Could not be judged: 0.", result.facts[2])

    def test_a_queue_of_which_no_head_was_published_proves_nothing(self) -> None:
        self.assertIn("3 entries, from entry 1, that nothing proves yet", findings(opened()).facts[1])

    def test_the_hashes_are_those_of_the_page(self) -> None:
        """Calculated once from nothing but the page."""
        nonce = bytes(range(32))
        start = vq.start_of_chain(QUEUE)
        self.assertEqual(start.hex(), "1c2a5eba57246be75a74483dba86a0117c1b6d89d549081657b0bb5d4d91e440")
        commitment = vq.commitment_of(nonce, "ëntry")
        self.assertEqual(commitment.hex(), "348abedc045f69f50ca2acf419ba8fb366934c44813387fffc3f35ef5d4ef5ce")
        head = vq.next_in_chain(start, commitment)
        self.assertEqual(head.hex(), "a70571d497db1af36bea3b6a8fc41ef73e0bea6a62c2013faa2c31c31e2d6859")

    def test_a_head_of_other_entries_is_found(self) -> None:
        book = opened()
        book.publish(head="ab" * 32)
        self.assert_faults(book, "Head 1 (3 entries): the first 3 entries of the ledger do not give this head.")

    def test_a_ledger_that_is_cut_off_is_found(self) -> None:
        book = opened()
        book.publish(count=4)
        self.assert_faults(book, "Head 1 (4 entries): the ledger is cut off, it has only 3 entries.")

    def test_a_signature_by_another_key_is_found(self) -> None:
        book = opened()
        book.publish(secret=OTHER_SECRET)
        self.assert_faults(book, "its signature does not hold")

    def test_a_key_that_is_not_there_is_found(self) -> None:
        book = opened()
        book.publish(secret=OTHER_SECRET, key=sha256(public_key(OTHER_SECRET)).hexdigest()[:16])
        self.assert_faults(book, "which is not among the keys")

    def test_each_signed_field_is_signed(self) -> None:
        changed = {"count": 2, "hour": "2026-12-01T09:00:00Z", "head": "00" * 32, "queue": OTHER_QUEUE}
        for name, value in changed.items():
            book = opened("publish")
            book.heads[0][name] = value
            self.assertIn("its signature does not hold", findings(book).wrong[0])

    def test_a_head_of_another_queue_is_found(self) -> None:
        book = opened()
        book.publish(queue=OTHER_QUEUE)
        self.assert_faults(book, f"it is of the queue {OTHER_QUEUE}")

    def test_counts_that_fall_are_found(self) -> None:
        book = opened("publish")
        book.publish(count=2, head=book.head(2).hex())
        self.assert_faults(book, "Head 2 (2 entries): it has fewer entries than the head before, which has 3.")

    def test_hours_that_do_not_follow_are_found(self) -> None:
        book = opened("publish; signed_up t1")
        book.publish(hour=book.heads[0]["hour"])
        self.assert_faults(book, "Head 2 (4 entries): its hour is not later")

    def test_a_key_with_another_name_or_twice_is_found(self) -> None:
        files = opened("publish").files()
        files["keys"].append({"key": "ab" * 8, "ed25519": PUBLIC.hex()})
        self.assertIn("Key 2: its name", str(first_fault(files)))
        files["keys"][1] = files["keys"][0]
        self.assertIn("Key 2: the name", str(first_fault(files)))

    def test_entries_that_are_not_counted_on_are_found(self) -> None:
        files = opened("publish").files()
        files["ledger"][2]["n"] = 7
        self.assertIn("Entry 7: it stands where entry 2 should stand.", str(first_fault(files)))


# ----------------------------------------------------------------------------------------------------------------------
# The rules, each broken by itself.
# ----------------------------------------------------------------------------------------------------------------------

LINE = "signed_up t1; confirmed t1; signed_up t2; confirmed t2; signed_up t3; confirmed t3;"
SHORT_LINE = "signed_up t1; confirmed t1;"
YES = "offered t1 p1; said_yes t1 p1;"
OTHER_PLACE = f"place_added p3 first_day={OTHER_DAY};"

BROKEN: list[tuple[str, str]] = [
    # What is broken by the last step of the script, and a part of the sentence that says so.
    # The queue.
    ("queue_opened", "the first entry and no other is queue_opened"),
    ("queue_closed; queue_closed", "was closed before"),
    ("offers_go_on", "had not stopped"),
    ("offers_stopped; offers_stopped", "had stopped before"),
    ("offers_stopped; offers_go_on; offers_go_on", "had not stopped"),
    # Numbers.
    ("signed_up t1 number=2", "gives the number 2 after 0"),
    ("signed_up t1; signed_up t3", "gives the number 3 after 1"),
    ("signed_up t1; signed_up t2 number=1", "gives the number 1, and 2 is next"),
    ("signed_up t1; signed_up t2; signed_up t3 number=1", "gives the number 1, and 3 is next"),
    ("signed_up t1; signed_up t1 number=2", "signs up, and did so before"),
    ("queue_closed; signed_up t1", "the queue is closed"),
    # Confirming.
    ("confirmed t1", "did not sign up"),
    ("signed_up t1; offered t1 p1", "she did not confirm"),
    (SHORT_LINE + "confirmed t1", "was confirmed before"),
    (SHORT_LINE + "contact_changed t1; confirmed t1; confirmed t1", "was confirmed before"),
    ("signed_up t1; wait 47.9h; unconfirmed t1", "48 hours have not passed"),
    (SHORT_LINE + "wait 48h; unconfirmed t1", "she had confirmed"),
    ("signed_up t1; contact_changed t1", "she did not confirm"),
    (SHORT_LINE + "contact_changed t1 no_offer_before=+23h", "a new number waits 24 hours"),
    (SHORT_LINE + "contact_changed t1 no_offer_before=+9999h", "a new number waits 24 hours"),
    (SHORT_LINE + "contact_changed t1; wait 23h; offered t1 p1", "her new number gets no offer before"),
    # Places.
    ("place_added p1", "was added before"),
    ("place_withdrawn p9", "was not added"),
    ("place_withdrawn p1; place_withdrawn p1", "was withdrawn before"),
    ("place_freed p9", "was not added"),
    ("place_freed p1", "no erased person can have held it"),
    (SHORT_LINE + "offered t1 p9", "was not added"),
    (SHORT_LINE + "offered t1 p1; place_freed p1", "is not erased"),
    (SHORT_LINE + YES + "started t1 p1; place_freed p1", "is not erased"),
    (SHORT_LINE + "place_withdrawn p1; offered t1 p1", "was withdrawn"),
    (LINE + "offered t1 p1; place_withdrawn p1; said_no t1 p1; offered t2 p1", "was withdrawn"),
    (LINE + YES + "place_withdrawn p1; gave_back t1 p1; offered t2 p1", "was withdrawn"),
    (LINE + "offered t1 p1; offered t2 p1", "has it"),
    (LINE + YES + "offered t2 p1", "has it"),
    (LINE + YES + "started t1 p1; offered t2 p1", "has it"),
    (LINE + "offered t1 p1; place_withdrawn p1; offered t2 p1", "has it"),
    # Steps with another place than the one of the ticket.
    *[
        (SHORT_LINE + f"offered t1 p1; wait 4h; {what} t1 p2", "the place of this ticket is")
        for what in ("said_no", "not_that_day", "said_later", "no_answer", "not_reached")
    ],
    (SHORT_LINE + "offered t1 p1; offers_stopped; offer_ended t1 p2", "the place of this ticket is"),
    *[(SHORT_LINE + YES + f"{what} t1 p2", "the place of this ticket is") for what in ("gave_back", "no_show")],
    # Answers and their time.
    *[
        (SHORT_LINE + f"offered t1 p1; wait 4h; {what} t1 p1", "her time to answer was over")
        for what in ("said_yes", "said_no", "not_that_day", "said_later")
    ],
    (SHORT_LINE + "offered t1 p1; wait 3.9h; no_answer t1 p1", "she has time to answer until"),
    (SHORT_LINE + "offered t1 p1; not_that_day t1 p1 first_day=2027-01-05", "the first day of the place is 2027-01-04"),
    (SHORT_LINE + "offered t1 p1 until=-1m", "ends before she can answer"),
    (SHORT_LINE + "offered t1 p1 until=+0m", "ends before she can answer"),
    # Labour conflicts and the end.
    (SHORT_LINE + "offers_stopped; offered t1 p1", "offers had stopped"),
    (SHORT_LINE + "queue_closed; offered t1 p1", "the queue is closed"),
    (SHORT_LINE + "offers_stopped; queue_closed; offers_go_on; offered t1 p1", "the queue is closed"),
    (SHORT_LINE + "offered t1 p1; offer_ended t1 p1", "offers had not stopped"),
    (SHORT_LINE + "offered t1 p1; offers_stopped; offers_go_on; offer_ended t1 p1", "offers had not stopped"),
    # Order.
    (LINE + "offered t2 p1", "number 1 (ticket 00000000-0000-4000-8000-000000000001) is passed over"),
    (LINE + "offered t1 p1; offered t3 p2", "number 2 (ticket 00000000-0000-4000-8000-000000000002) is passed over"),
    (LINE + "paused t1; offered t3 p1", "number 2"),
    (LINE + "paused t1; goes_on t1; offered t2 p1", "number 1"),
    (LINE + "stepped_down t1; came_back t1; offered t2 p1", "number 1"),
    (LINE + "offered t1 p1; said_no t1 p1; came_back t1; offered t2 p1", "number 1"),
    (LINE + "offered t1 p1; offers_stopped; offer_ended t1 p1; offers_go_on; offered t2 p1", "number 1"),
    (LINE + YES + "gave_back t1 p1; goes_on t1; offered t2 p1", "number 1"),
    (LINE + "contact_changed t1; wait 24h; offered t2 p1", "number 1"),
    (LINE + OTHER_PLACE + "offered t1 p1; not_that_day t1 p1; offered t2 p3", "number 1"),
    (LINE + "offered t1 p1; not_that_day t1 p1; offered t1 p2", "she cannot begin on 2027-01-04"),
    (LINE + "offered t1 p1; wait 4h; no_answer t1 p1; goes_on t1; offered t2 p1", "number 1"),
    ("signed_up t1; signed_up t2; confirmed t2; confirmed t1; offered t2 p1", "number 1"),
    # Days on which she cannot begin.
    ("refuses_days t1", "did not sign up"),
    (SHORT_LINE + "offered t1 p1; refuses_days t1", "the ticket has an offer"),
    (SHORT_LINE + YES + "no_show t1 p1; refuses_days t1", "the ticket ended"),
    (SHORT_LINE + "refuses_days t1 days=2027-01-11", "no place was added with the first day 2027-01-11"),
    (SHORT_LINE + "refuses_days t1 days=2027-01-04+2027-01-11", "no place was added with the first day 2027-01-11"),
    (SHORT_LINE + "refuses_days t1 days=", "these are the days that she refused before"),
    (SHORT_LINE + "refuses_days t1; refuses_days t1", "these are the days that she refused before"),
    (SHORT_LINE + "refuses_days t1; paused t1; refuses_days t1", "these are the days that she refused before"),
    (SHORT_LINE + "offered t1 p1; not_that_day t1 p1; refuses_days t1", "these are the days that she refused before"),
    (SHORT_LINE + OTHER_PLACE + "refuses_days t1 days=2027-01-11+2027-01-04", "its days do not ascend"),
    (SHORT_LINE + "refuses_days t1 days=2027-01-04+2027-01-04", "its days do not ascend"),
    (LINE + "refuses_days t1; offered t1 p1", "she cannot begin on 2027-01-04"),
    (LINE + "refuses_days t1; paused t1; goes_on t1; offered t1 p1", "she cannot begin on 2027-01-04"),
    (LINE + "refuses_days t1; stepped_down t1; came_back t1; offered t1 p1", "she cannot begin on 2027-01-04"),
    (LINE + "refuses_days t1; refuses_days t1 days=; offered t2 p1", "number 1"),
    (LINE + "offered t1 p1; not_that_day t1 p1; refuses_days t1 days=; offered t2 p1", "number 1"),
    (LINE + OTHER_PLACE + "refuses_days t1 days=2027-01-11; offered t2 p1", "number 1"),
    (
        LINE + OTHER_PLACE + "refuses_days t1 days=2027-01-11; offered t1 p1; not_that_day t1 p1; offered t1 p3",
        "she cannot begin on 2027-01-11",
    ),
    # Corrections.
    ("corrected t1", "did not sign up"),
    (SHORT_LINE + "corrected t1; said_yes t1 p1", "the ticket is in line"),
    (SHORT_LINE + "offered t1 p1; corrected t1; gave_back t1 p1", "the ticket is in line"),
    (SHORT_LINE + "offered t1 p1; said_no t1 p1; corrected t1; came_back t1; said_yes t1 p1", "the ticket is in line"),
    (LINE + "offered t1 p1; said_no t1 p1; offered t2 p1; corrected t1; said_yes t1 p1", "has it"),
    (SHORT_LINE + "offered t1 p1; said_no t1 p1; place_withdrawn p1; corrected t1; said_yes t1 p1", "was withdrawn"),
    (LINE + "paused t1; corrected t1; offered t1 p1", "the ticket is paused"),
    # What is set right.
    ("set_right t1 reason=answer", "did not sign up"),
    (LINE + "set_right t1 reason=answer", "the ticket is in line"),
    (LINE + "paused t1; set_right t1 reason=left_by_mistake", "the ticket is paused"),
    (LINE + YES + "set_right t1 reason=first_day", "the ticket said yes"),
    (SHORT_LINE + "offered t1 p1; set_right t1 reason=answer", "the ticket has an offer"),
    ("signed_up t1; wait 48h; unconfirmed t1; set_right t1 reason=answer", "she did not confirm"),
    (LINE + "stepped_down t1; queue_closed; set_right t1 reason=left_by_mistake", "the queue is closed"),
    (LINE + YES + "started t1 p1; set_right t1 reason=first_day", "a place is named where she had begun, and only there"),
    (LINE + YES + "started t1 p1; set_right t1 p2 reason=first_day", "the place of this ticket is"),
    (LINE + "stepped_down t1; set_right t1 p1 reason=other_person", "the place of this ticket is None"),
    (LINE + "stepped_down t1; set_right t1 reason=left_by_mistake; offered t2 p1", "number 1"),
    (LINE + YES + "no_show t1 p1; set_right t1 reason=first_day; offered t2 p1", "number 1"),
    (LINE + "stepped_down t1; set_right t1 reason=because", "it is not a reason to set something right"),
    # Erasure that hides what is about nobody, or not everything that is about somebody.
    ("signed_up t1; offers_stopped; hide; signed_up t2", "no number is missing"),
    ("signed_up t1; queue_closed; offers_stopped; hide", "nobody who signed up before the queue closed is erased"),
    ("signed_up t1; hide; confirmed t1", "did not sign up"),
    ("signed_up t1; confirmed t1; erase t1; signed_up t4", "2 erased entries in between cannot have the missing 3"),
    ("place_added p3; hide; signed_up t1; erase t1; signed_up t2; confirmed t2; offered t2 p3", "was not added"),
    (LINE + "offered t1 p1; erase t1; place_freed p1; place_freed p1", "no erased person can have held it"),
    (LINE + "offered t1 p1; erase t1; place_freed p1; place_withdrawn p1; place_freed p1", "no erased person can"),
    (LINE + "erase t1; place_freed p1", "no erased person can have held it"),
    (LINE + "place_withdrawn p1; offered t1 p2; erase t1; place_freed p2; place_freed p1", "no erased person can"),
    (LINE + "erase t1; offered t3 p1", "number 2"),
    (LINE + "erase t1; offered t2 p1; offered t3 p1", "has it"),
    (LINE + "offered t1 p1; erase t1; place_withdrawn p1; place_freed p1; offered t2 p1", "was withdrawn"),
]

TRUE: list[str] = [
    "",
    "signed_up t1; wait 48h; unconfirmed t1",
    "signed_up t1; paused t1; wait 48h; unconfirmed t1",
    LINE + "offered t1 p1; offered t2 p2",
    LINE + "paused t1; offered t2 p1; goes_on t1; offered t1 p2",
    LINE + YES + "offered t2 p2; started t1 p1; place_withdrawn p1",
    LINE + YES + "no_show t1 p1; offered t2 p1",
    LINE + YES + "gave_back t1 p1; offered t2 p1; goes_on t1; offered t1 p2",
    LINE + "offered t1 p1; said_no t1 p1; offered t2 p1; came_back t1; offered t1 p2",
    LINE + "offered t1 p1; said_later t1 p1; offered t2 p1; not_reached t2 p1; offered t3 p1",
    LINE + "offered t1 p1; wait 4h; no_answer t1 p1; offered t2 p1",
    LINE + "offered t1 p1; wait 239m; no_answer t1 p1",
    LINE + "offered t1 p1; wait 239m; said_yes t1 p1",
    LINE + "offered t1 p1; offers_stopped; said_yes t1 p1",
    LINE + "offered t1 p1; offers_stopped; offer_ended t1 p1; offers_go_on; offered t1 p1",
    LINE + "offered t1 p1; queue_closed; said_yes t1 p1; started t1 p1",
    LINE + "offered t1 p1; place_withdrawn p1; said_yes t1 p1; started t1 p1",
    LINE + "contact_changed t1; offered t2 p1; wait 24h; offered t1 p2",
    LINE + "contact_changed t1; confirmed t1; offered t2 p1",
    LINE + "offered t1 p1; not_that_day t1 p1; offered t2 p1; place_added p3 first_day=2027-01-11; offered t1 p3",
    LINE + "refuses_days t1; offered t2 p1; refuses_days t1 days=; offered t1 p2",
    LINE + "paused t1; refuses_days t1; goes_on t1; offered t2 p1",
    LINE + "place_withdrawn p1; place_withdrawn p2; refuses_days t1; place_added p3; offered t2 p3",
    LINE + OTHER_PLACE + "offered t1 p1; not_that_day t1 p1; refuses_days t1 days=2027-01-11; offered t1 p2",
    LINE + OTHER_PLACE + "refuses_days t1 days=2027-01-11; offered t1 p1; not_that_day t1 p1; offered t2 p3",
    "signed_up t1; refuses_days t1; confirmed t1; signed_up t2; confirmed t2; offered t2 p1; refuses_days t1 days=",
    "signed_up t1; signed_up t2; confirmed t2; offered t2 p1; confirmed t1; offered t1 p2",
    LINE + "offered t1 p1; said_no t1 p1; corrected t1; said_yes t1 p1; offered t2 p2",
    LINE + "offered t1 p1; said_no t1 p1; offered t2 p1; corrected t1; said_later t1 p1; goes_on t1; offered t1 p2",
    LINE + "offered t1 p1; said_no t1 p1; wait 9h; corrected t1; said_yes t1 p1",
    LINE + "offered t1 p1; said_yes t1 p1; corrected t1; said_no t1 p1; offered t2 p1",
    LINE + "paused t1; corrected t1; goes_on t1; offered t1 p1",
    LINE + "refuses_days t1; corrected t1; refuses_days t1 days=; offered t1 p1",
    "signed_up t1; wait 48h; unconfirmed t1; corrected t1; confirmed t1; offered t1 p1",
    LINE + YES + "no_show t1 p1; corrected t1; started t1 p1",
    LINE + YES + "no_show t1 p1; offered t2 p1; set_right t1 reason=first_day; offered t1 p2",
    LINE + YES + "started t1 p1; set_right t1 p1 reason=other_person; offered t1 p1",
    LINE + YES + "started t1 p1; place_withdrawn p2; set_right t1 p1 reason=first_day; paused t1; offered t2 p1",
    LINE + "stepped_down t1; wait 72h; set_right t1 reason=left_by_mistake; offered t1 p1",
    LINE + "offered t1 p1; said_no t1 p1; wait 72h; set_right t1 reason=answer; paused t1; offered t2 p1",
    # Erased people: what they did to places cannot be seen.
    "signed_up t1; erase t1",
    "signed_up t1; erase t1; signed_up t2; confirmed t2; offered t2 p1",
    LINE + "erase t1; erase t2; erase t3; queue_closed",
    LINE + "erase t2; offered t1 p1; offered t3 p2",
    LINE + "refuses_days t1; refuses_days t2; erase t1; offered t3 p1; refuses_days t2 days=; offered t2 p2",
    LINE + "offered t1 p1; said_no t1 p1; offered t2 p1; erase t1",
    LINE + "offered t1 p1; offered t2 p2; said_no t1 p1; said_yes t2 p2; offered t3 p1; erase t1; erase t3; "
    "place_freed p1; place_withdrawn p1",
    LINE + YES + "place_withdrawn p1; offered t2 p2; erase t1; place_freed p1; erase t2; place_freed p2",
    LINE + YES + "started t1 p1; erase t1; place_freed p1; offered t2 p1",
    LINE + "offered t1 p1; said_later t1 p1; erase t1; offered t2 p1; said_no t2 p1; offered t3 p1; erase t3; "
    "place_freed p1",
    LINE + "queue_closed; paused t1; erase t1",
]

# Every step that the table allows, by the state of the ticket that came about by a script.
IN_LINE = "signed_up t1; confirmed t1; wait 48h;"
STEPS_IN_LINE = {"contact_changed", "paused", "refuses_days", "stepped_down"}
STEPS_ON_PAUSE = {"contact_changed", "goes_on", "refuses_days", "stepped_down"}
STATES: dict[str, set[str]] = {
    "signed_up t1; wait 48h;": {"confirmed", "unconfirmed", "paused", "refuses_days", "stepped_down"},
    "signed_up t1; paused t1; wait 48h;": {"confirmed", "unconfirmed", "goes_on", "refuses_days", "stepped_down"},
    IN_LINE: STEPS_IN_LINE | {"offered"},
    IN_LINE + "contact_changed t1;": STEPS_IN_LINE | {"confirmed"},
    IN_LINE + "contact_changed t1; wait 24h;": STEPS_IN_LINE | {"confirmed", "offered"},
    IN_LINE + "offered t1 p1;": {
        "contact_changed", "said_yes", "said_no", "not_that_day", "said_later", "no_answer", "not_reached",
        "offer_ended",
    },
    IN_LINE + YES: {"contact_changed", "gave_back", "started", "no_show"},
    IN_LINE + "paused t1;": STEPS_ON_PAUSE,
    IN_LINE + "offered t1 p1; said_later t1 p1;": STEPS_ON_PAUSE,
    IN_LINE + "offered t1 p1; not_reached t1 p1;": STEPS_ON_PAUSE,
    IN_LINE + "offered t1 p1; wait 4h; no_answer t1 p1;": STEPS_ON_PAUSE,
    IN_LINE + YES + "gave_back t1 p1;": STEPS_ON_PAUSE,
    IN_LINE + "paused t1; goes_on t1;": STEPS_IN_LINE | {"offered"},
    IN_LINE + "offered t1 p2; not_that_day t1 p2;": STEPS_IN_LINE,
    IN_LINE + "refuses_days t1;": STEPS_IN_LINE,
    IN_LINE + "paused t1; refuses_days t1;": STEPS_ON_PAUSE,
    IN_LINE + "stepped_down t1;": {"came_back"},
    IN_LINE + "stepped_down t1; came_back t1;": STEPS_IN_LINE | {"offered"},
    IN_LINE + "offered t1 p1; said_no t1 p1;": {"came_back"},
    IN_LINE + YES + "started t1 p1;": set(),
    IN_LINE + YES + "no_show t1 p1;": set(),
    "signed_up t1; wait 48h; unconfirmed t1;": set(),
}
# What some steps need to have happened, so that it is the state that decides.
STEPS_NEED = {"no_answer": "wait 4h;", "offer_ended": "offers_stopped;", "refuses_days": OTHER_PLACE}


class Rules(unittest.TestCase):
    """Rules 2, 3 and 4."""

    def test_each_broken_rule_is_found_and_nothing_else(self) -> None:
        for script, expected in BROKEN:
            with self.subTest(script):
                book = opened(script)
                wrong = findings(book).wrong
                self.assertEqual(len(wrong), 1, wrong)
                self.assertTrue(wrong[0].startswith(f"Entry {len(book.entries)}: "), wrong)
                self.assertIn(expected, wrong[0])

    def test_what_is_allowed_is_not_called_wrong(self) -> None:
        for script in TRUE:
            with self.subTest(script):
                self.assertEqual(findings(opened(script)).wrong, [])

    def test_each_step_is_allowed_in_its_states_only(self) -> None:
        for script, allowed in STATES.items():
            for what in vq.STEPS:
                with self.subTest(script + what):
                    place = " p1" if "place" in vq.FIELDS_OF_ENTRIES[what] else ""
                    before = STEPS_NEED.get(what, "")
                    wrong = findings(opened(f"{script} {before} {what} t1{place}")).wrong
                    self.assertEqual(wrong == [], what in allowed, wrong)

    def test_nobody_signs_up_before_the_queue_opens(self) -> None:
        book = Book().play("queue_opened; signed_up t1")
        self.assertIn("the queue opens at 2026-12-01T08:00:00.000Z", findings(book).wrong[0])

    def test_the_first_entry_is_the_opening(self) -> None:
        wrong = findings(Book().play("place_added p1; wait 2h; signed_up t1")).wrong
        self.assertEqual(wrong, ["Entry 1: it is place_added, and the first entry and no other is queue_opened."])
        wrong = findings(Book().play("queue_opened; hide; place_added p1")).wrong
        self.assertEqual(wrong, ["Entry 1: it is erased, and the first entry is queue_opened, which is about nobody."])

    def test_a_second_wrong_thing_is_found_after_the_first(self) -> None:
        wrong = findings(opened(LINE + "offered t2 p1; said_yes t2 p1; offered t3 p1")).wrong
        self.assertEqual([sentence.split(":")[0] for sentence in wrong], ["Entry 10", "Entry 12", "Entry 12"])

    def test_a_clock_that_was_set_back_is_a_note(self) -> None:
        result = findings(opened("signed_up t1; wait -1h; confirmed t1"))
        self.assertEqual(result.wrong, [])
        self.assertIn("Entry 5: its moment is before that of the entry before", result.notes[0])

    def test_a_correction_is_a_note(self) -> None:
        result = findings(opened(LINE + "paused t1; corrected t1 reason=wrong_person; goes_on t1"))
        self.assertIn("Entry 11: what was written about the ticket", result.notes[0])
        self.assertIn("'wrong_person'", result.notes[0])


class Entries(unittest.TestCase):
    """Texts of entries that the installation committed to and that are not as specified."""

    def assert_unreadable(self, text: str, expected: str) -> None:
        """An entry with this text is wrong, and what follows is not judged."""
        book = opened("signed_up t1")
        book.texts[3] = text
        book.play("offered t9 p9; publish")
        result = findings(book)
        self.assertEqual(len(result.wrong), 1, result.wrong)
        self.assertIn("Entry 4: it is not as specified: ", result.wrong[0])
        self.assertIn(expected, result.wrong[0])
        self.assertIn("not judged from here on", result.notes[0])

    def test_an_entry_is_read_strictly(self) -> None:
        at = '"at": "2026-12-01T10:00:00.000Z"'
        ticket = f'"ticket": "{ticket_id(1)}"'
        for text, expected in [
            ("{", "it is not JSON"),
            ("[]", "it is not a JSON object"),
            ('{"at": NaN}', "NaN is no number"),
            ("[" * 100_000, "it is not JSON"),
            (f'{{{at}, "what": "hired", {ticket}}}', "'hired' is nothing that can happen"),
            (f'{{{at}, "what": ["paused"], {ticket}}}', "is nothing that can happen"),
            (f'{{{at}, {ticket}}}', "None is nothing that can happen"),
            (f'{{"what": "paused", {ticket}}}', "the field 'at' is missing"),
            (f'{{{at}, "what": "paused"}}', "the field 'ticket' is missing"),
            (f'{{{at}, "what": "paused", {ticket}, "why": ""}}', "the field 'why' does not belong there"),
            (f'{{{at}, {at}, "what": "paused", {ticket}}}', "the field 'at' stands there twice"),
            (f'{{{at}, "what": "paused", "ticket": 1}}', "the field 'ticket' is wrong: it is not a text"),
            (f'{{{at}, "what": "paused", "ticket": "1"}}', "the field 'ticket' is wrong: it is not an id"),
            (f'{{{at}, "what": "paused", "ticket": "{ticket_id(10).upper()}"}}', "it is not an id"),
            (f'{{{at}, "what": "signed_up", {ticket}, "number": 0}}', "it is not a whole number from 1"),
            (f'{{{at}, "what": "signed_up", {ticket}, "number": true}}', "it is not a whole number from 1"),
            (f'{{{at}, "what": "signed_up", {ticket}, "number": 1.0}}', "it is not a whole number from 1"),
            (f'{{{at}, "what": "signed_up", {ticket}, "number": 1{"0" * 5000}}}', "it is not JSON"),
            (f'{{{at}, "what": "corrected", {ticket}, "reason": "\\ud800"}}', "it is not UTF-8"),
            (f'{{{at}, "what": "refuses_days", {ticket}, "days": "{DAY}"}}', "it is not a list"),
            (f'{{{at}, "what": "refuses_days", {ticket}, "days": [["{DAY}"]]}}', "it is not a text"),
            (f'{{{at}, "what": "refuses_days", {ticket}, "days": ["2027-02-29"]}}', "there is no such day"),
        ]:
            with self.subTest(text[:80]):
                self.assert_unreadable(text, expected)

    def test_moments_and_days_are_read_strictly(self) -> None:
        for at in [
            "2026-12-01T10:00:00Z", "2026-12-01T10:00:00.0000Z", "2026-12-01T10:00:00.000+00:00",
            "2026-12-01 10:00:00.000Z", "2026-02-30T10:00:00.000Z", "2026-12-01T24:00:00.000Z",
            "2026-12-01T10:00:60.000Z", "9999-12-31T23:59:59.999Z", "2026-12-01T10:00:00.000Z\\n",
            "\u0662026-12-01T10:00:00.000Z",
        ]:
            with self.subTest(at):
                self.assert_unreadable(f'{{"at": "{at}", "what": "offers_go_on"}}', "the field 'at' is wrong")
        for day in ["2027-1-4", "2027-02-29", "20270104", "2027-01-04T00:00:00Z"]:
            about = f'"place": "{place_id(3)}", "first_day": "{day}"'
            text = f'{{"at": "2026-12-01T10:00:00.000Z", "what": "place_added", {about}}}'
            with self.subTest(day):
                self.assert_unreadable(text, "the field 'first_day' is wrong")


# ----------------------------------------------------------------------------------------------------------------------
# Random ledgers.
# ----------------------------------------------------------------------------------------------------------------------


class RandomLedgers(unittest.TestCase):
    """Many ledgers that nobody thought of."""

    def test_true_ledgers_hold(self) -> None:
        seen = set()
        for seed in range(60):
            book = Town(seed).live(150)
            result = findings(book)
            self.assertEqual(result.wrong, [], f"seed {seed}")
            self.assertIn("Could not be judged: 0.", result.facts[-1])
            seen |= {entry["what"] for entry in book.entries}
        self.assertEqual(seen, set(vq.FIELDS_OF_ENTRIES) - {"place_freed"})

    def test_erased_ledgers_hold(self) -> None:
        unjudged, seen = 0, set()
        for seed in range(1000, 1080):
            book = Town(seed, erases=True).live(150)
            result = findings(book)
            self.assertEqual(result.wrong, [], f"seed {seed}")
            unjudged += "Could not be judged: 0." not in result.facts[-1]
            seen |= {entry["what"] for entry in book.entries}
        self.assertGreater(unjudged, 60)
        self.assertEqual(seen, set(vq.FIELDS_OF_ENTRIES))

    def test_each_unjust_offer_is_found_also_where_people_are_erased(self) -> None:
        found = 0
        for seed in range(2000, 2080):
            town = Town(seed, erases=seed % 2 == 0)
            town.live(100)
            if not town.offer(turn=1):
                continue
            wrong = findings(town.book).wrong
            self.assertEqual(len(wrong), 1, f"seed {seed}: {wrong}")
            self.assertIn(f"Entry {len(town.book.entries)}: an offer goes to number", wrong[0])
            self.assertIn("is passed over", wrong[0])
            found += 1
        self.assertGreater(found, 15)

    def test_somebody_erased_hides_no_injustice_between_others(self) -> None:
        """The same ledger, now with everybody erased who has nothing to do with the injustice."""
        found = 0
        for seed in range(3000, 3040):
            town = Town(seed)
            town.live(100)
            could = [person for person in town.people if person.could_take(DAY, town.next_moment)]
            place = len(town.days) + 1
            town.days = {place: DAY}
            town.holders[place] = 0
            town.add("place_added", place=place, first_day=DAY)
            if len(could) < 2 or town.is_stopped or town.is_closed:
                continue
            until = town.next_moment + timedelta(hours=1)
            town.add("offered", could[1], place, until=until)
            holders = [number for number in town.holders.values() if number]
            keep = {could[0].number, could[1].number, *holders}
            town.book.erased_tickets = {ticket_id(p.number) for p in town.people if p.number not in keep}
            wrong = findings(town.book).wrong
            self.assertEqual(len(wrong), 1, f"seed {seed}: {wrong}")
            self.assertIn(f"number {could[0].number} ", wrong[0])
            found += 1
        self.assertGreater(found, 8)


def renumber(ledger: list[Object]) -> None:
    """Makes the entries 1, 2, 3, ... again, as a careful forger would."""
    for n, line in enumerate(ledger[1:], start=1):
        line["n"] = n


def change_a_digit(chance: random.Random, holder: Object, name: str) -> None:
    """Changes one character of a text to another that could stand there."""
    text = holder[name]
    place = chance.choice([place for place, letter in enumerate(text) if letter.isalnum()])
    other = chance.choice([letter for letter in "0123456789abcdef" if letter != text[place].lower()])
    holder[name] = text[:place] + other + text[place + 1 :]


def swap(chance: random.Random, files: dict[str, list[Object]]) -> None:
    """Two entries change places."""
    ledger = files["ledger"]
    one, other = chance.sample(range(1, len(ledger)), 2)
    ledger[one], ledger[other] = ledger[other], ledger[one]
    renumber(ledger)


def drop(chance: random.Random, files: dict[str, list[Object]]) -> None:
    """An entry is left out."""
    del files["ledger"][chance.randrange(1, len(files["ledger"]))]
    renumber(files["ledger"])


def change_byte(chance: random.Random, files: dict[str, list[Object]]) -> None:
    """A byte of an entry, a nonce or a commitment is another."""
    line = files["ledger"][chance.randrange(1, len(files["ledger"]))]
    change_a_digit(chance, line, chance.choice([name for name in line if name != "n"]))


def insert(chance: random.Random, files: dict[str, list[Object]]) -> None:
    """An entry comes in between."""
    ledger = files["ledger"]
    forged = {"n": 0, "nonce": chance.randbytes(32).hex(), "entry": chance.choice(ledger[1:]).get("entry", "{}")}
    ledger.insert(chance.randrange(1, len(ledger)), forged)
    renumber(ledger)


def truncate(chance: random.Random, files: dict[str, list[Object]]) -> None:
    """The end is cut off."""
    del files["ledger"][chance.randrange(1, len(files["ledger"])) :]


def erase_by_force(chance: random.Random, files: dict[str, list[Object]]) -> None:
    """An erased entry comes in between, which shows nothing of itself."""
    ledger = files["ledger"]
    ledger.insert(chance.randrange(1, len(ledger)), {"n": 0, "commitment": chance.randbytes(32).hex()})
    renumber(ledger)


def change_queue(chance: random.Random, files: dict[str, list[Object]]) -> None:
    """The ledger is given out as that of another queue."""
    change_a_digit(chance, files["ledger"][0], "queue")


def change_head(chance: random.Random, files: dict[str, list[Object]]) -> None:
    """Something about a head is another."""
    head = chance.choice(files["heads"])
    name = chance.choice(list(head))
    if name == "count":
        head["count"] += chance.choice([-1, 1])
    else:
        change_a_digit(chance, head, name)


def swap_heads(chance: random.Random, files: dict[str, list[Object]]) -> None:
    """Two heads change places."""
    files["heads"].reverse()


def change_key(chance: random.Random, files: dict[str, list[Object]]) -> None:
    """A key is another."""
    change_a_digit(chance, files["keys"][0], chance.choice(["key", "ed25519"]))


Mutation = Callable[[random.Random, dict[str, list[Object]]], None]
OFTEN: list[Mutation] = [swap, drop, change_byte, insert, truncate, erase_by_force, change_queue]
SELDOM: list[Mutation] = [change_head, swap_heads, change_key]  # each asks for signatures that are not known yet


class Mutations(unittest.TestCase):
    """Whatever is changed about a true ledger that was published is found."""

    def test_each_random_change_is_found(self) -> None:
        for seed in range(12):
            book = Town(seed, erases=seed % 2 == 0).live(60)
            book.play("publish; place_added p99; publish")
            self.assertIsNone(first_fault(book.files()))
            true = book.files()
            chance = random.Random(seed)
            for mutation in OFTEN * 12 + SELDOM * 4:
                files = copy.deepcopy(true)
                mutation(chance, files)
                if files != true:
                    self.assertIsNotNone(first_fault(files), f"seed {seed}: {mutation.__name__}")


# ----------------------------------------------------------------------------------------------------------------------
# Receipts.
# ----------------------------------------------------------------------------------------------------------------------


class Receipts(unittest.TestCase):
    """One entry by itself."""

    def setUp(self) -> None:
        self.book = opened(LINE + "publish; offered t1 p1; said_yes t1 p1; publish")
        self.keys = self.book.files()["keys"]

    def wrong(self, receipt: Object, heads: list[Object] | None = None) -> list[str]:
        """What is wrong with a receipt."""
        keys = [vq.a_key(key) for key in self.keys]
        read_heads = None if heads is None else [vq.a_head(head) for head in heads]
        return vq.check_receipt(keys, vq.a_receipt(receipt), read_heads).wrong

    def test_each_entry_has_a_receipt_that_holds(self) -> None:
        for head in self.book.heads:
            for n in range(1, head["count"] + 1):
                self.assertEqual(self.wrong(self.book.receipt(n, head), self.book.heads), [])
                self.assertEqual(self.wrong(self.book.receipt(n, head)), [])

    def test_a_receipt_holds_after_others_were_erased(self) -> None:
        self.book.erased_tickets.add(ticket_id(2))
        self.assertEqual(self.wrong(self.book.receipt(4, self.book.heads[1])), [])

    def test_a_false_receipt_is_found(self) -> None:
        true = self.book.receipt(6, self.book.heads[1])
        other = self.book.receipt(5, self.book.heads[1])
        for changed, expected in [
            ({"n": 5}, "do not make the 11 entries"),
            ({"n": 7, "after": true["after"][1:]}, "do not give its head"),
            ({"nonce": other["nonce"]}, "do not give its head"),
            ({"entry": other["entry"]}, "do not give its head"),
            ({"entry": true["entry"].replace('"number": 2', '"number": 1')}, "do not give its head"),
            ({"before": other["before"]}, "do not give its head"),
            ({"after": true["after"][::-1]}, "do not give its head"),
            ({"after": true["after"][:-1]}, "do not make the 11 entries"),
            ({"queue": OTHER_QUEUE}, "and its head of"),
            ({"head": self.book.heads[0]}, "do not make the 9 entries"),
            ({"head": {**true["head"], "head": "00" * 32}}, "its signature does not hold"),
            ({"head": {**true["head"], "key": "00" * 8}}, "not among the keys"),
        ]:
            with self.subTest(changed):
                self.assertNotEqual(true, {**true, **changed})
                wrong = self.wrong({**true, **changed})
                self.assertTrue(any(expected in sentence for sentence in wrong), wrong)

    def test_the_first_entry_follows_on_the_start_of_this_queue(self) -> None:
        """A chain that begins elsewhere, with a head that was really signed."""
        entry = self.book.receipt(1, self.book.heads[0])
        before = bytes(32)
        head = vq.next_in_chain(before, self.book.commitment(1)).hex()
        forged = self.book.publish(count=1, head=head)
        wrong = self.wrong({**entry, "before": before.hex(), "after": [], "head": forged})
        self.assertEqual(wrong, ["Receipt: what it has before entry 1 is not the start of the chain."])

    def test_a_head_that_was_not_published_is_found(self) -> None:
        receipt = self.book.receipt(6, self.book.heads[1])
        wrong = self.wrong(receipt, self.book.heads[:1])
        self.assertEqual(wrong, ["Receipt: its head (11 entries) is not among the published heads."])

    def test_an_entry_that_is_none_is_found(self) -> None:
        self.book.texts[5] = '{"what": "paused"}'
        head = self.book.publish()
        self.assertIn("entry 6 is not as specified", self.wrong(self.book.receipt(6, head))[0])

    def test_only_the_first_entry_is_the_opening(self) -> None:
        book = opened("queue_opened")
        receipt = book.receipt(4, book.publish())
        self.assertIn("the first entry and no other is queue_opened", self.wrong(receipt)[0])


# ----------------------------------------------------------------------------------------------------------------------
# The program.
# ----------------------------------------------------------------------------------------------------------------------


class Program(unittest.TestCase):
    """The command line."""

    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.book = opened(LINE + "publish; offered t1 p1; said_yes t1 p1; erase t2; signed_up t4")
        for name, objects in self.book.files().items():
            self.write(f"{name}.jsonl", "".join(json.dumps(each) + "\n" for each in objects))
        self.write("receipt.json", json.dumps(self.book.receipt(6, self.book.heads[0]), indent=2))

    def path(self, name: str) -> str:
        """A file in the folder of this test."""
        return str(Path(self.folder.name) / name)

    def write(self, name: str, text: str | bytes) -> None:
        """Writes a file."""
        Path(self.path(name)).write_bytes(text if isinstance(text, bytes) else text.encode())

    def change(self, name: str, old: str, new: str) -> None:
        """Changes a text that stands once in a file."""
        text = Path(self.path(name)).read_text()
        self.assertIn(old, text)
        self.write(name, text.replace(old, new, 1))

    def run_with(self, **files: str) -> tuple[int, str]:
        """Runs the program; returns how it ended and what it printed."""
        arguments = [part for name, file in files.items() for part in (f"--{name}", self.path(file))]
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            try:
                ended = vq.main(arguments)
            except SystemExit as error:
                ended = int(str(error.code))
        return ended, printed.getvalue()

    def check_ledger(self) -> tuple[int, str]:
        """Checks the ledger in the folder."""
        return self.run_with(keys="keys.jsonl", heads="heads.jsonl", ledger="ledger.jsonl")

    def check_receipt(self, **heads: str) -> tuple[int, str]:
        """Checks the receipt in the folder."""
        return self.run_with(keys="keys.jsonl", receipt="receipt.json", **heads)

    def test_a_true_ledger(self) -> None:
        ended, printed = self.check_ledger()
        self.assertEqual(ended, 0, printed)
        self.assertIn("12 entries, 2 of them erased; 1 published heads.", printed)
        self.assertIn("3 entries, from entry 10, that nothing proves yet.", printed)
        self.assertIn("Offers: 1. Could not be judged: 0.", printed)
        self.assertIn("Everything that was checked holds.", printed)

    def test_what_could_not_be_judged(self) -> None:
        book = opened(LINE + "offered t1 p1; said_no t1 p1; erase t1; offered t2 p1; said_no t2 p1; offered t3 p1")
        text = "".join(json.dumps(each) + "\n" for each in book.files()["ledger"])
        self.write("ledger.jsonl", text)
        self.write("heads.jsonl", "")
        ended, printed = self.check_ledger()
        self.assertEqual(ended, 0, printed)
        self.assertIn("Offers: 2. Could not be judged: 2. Of 2 whether it was an erased person's turn, ", printed)
        self.assertIn(" Of 1 whether the place was free, ", printed)

    def test_a_wrong_ledger(self) -> None:
        self.book.play("offered t4 p1; publish")
        for name, objects in self.book.files().items():
            self.write(f"{name}.jsonl", "".join(json.dumps(each) + "\n" for each in objects))
        ended, printed = self.check_ledger()
        self.assertEqual(ended, 1, printed)
        self.assertIn("Wrong: Entry 13: an offer goes to number 4", printed)
        self.assertIn("3 things are wrong.", printed)

    def test_a_receipt(self) -> None:
        ended, printed = self.check_receipt()
        self.assertEqual(ended, 0, printed)
        self.assertIn("Receipt of entry 6 in the queue", printed)
        self.assertEqual(self.check_receipt(heads="heads.jsonl")[0], 0)
        self.write("heads.jsonl", "")
        self.assertEqual(self.check_receipt(heads="heads.jsonl")[0], 1)

    def test_a_file_that_is_not_as_specified(self) -> None:
        for name, old, new, expected in [
            ("keys.jsonl", '{"key"', '{"kay"', "keys.jsonl, line 1: the field 'key' is missing"),
            ("keys.jsonl", '{"key"', '{"key": "", "key"', "line 1: the field 'key' stands there twice"),
            ("keys.jsonl", PUBLIC.hex(), PUBLIC.hex()[1:], "64 hexadecimal digits in lower case"),
            ("keys.jsonl", PUBLIC.hex(), PUBLIC.hex().upper(), "64 hexadecimal digits in lower case"),
            ("heads.jsonl", '"count": 9', '"count": 9.0', "heads.jsonl, line 1: the field 'count' is wrong"),
            ("heads.jsonl", '"count": 9', '"count": 0', "the field 'count' is wrong"),
            ("heads.jsonl", '"count": 9', '"seen": 1, "count": 9', "the field 'seen' does not belong there"),
            ("heads.jsonl", ":00:00Z", ":30:00Z", "it is not a full hour"),
            ("heads.jsonl", "\n", "\n\n", "heads.jsonl, line 2: it is not JSON"),
            ("ledger.jsonl", "queue v1", "queue v2", "ledger.jsonl, line 1: the field 'ledger' is wrong"),
            ("ledger.jsonl", '{"n": 2,', '{"n": 2, "n": 2,', "ledger.jsonl, line 3: the field 'n' stands there twice"),
            ("ledger.jsonl", '{"n": 2,', '{"n": "2",', "ledger.jsonl, line 3: the field 'n' is wrong"),
            ("ledger.jsonl", '"nonce": "', '"nonce": "0', "line 2: the field 'nonce' is wrong: it is not 64 hex"),
            ("ledger.jsonl", '"commitment": "', '"commitment": "0', "line 7: the field 'commitment' is wrong"),
            ("ledger.jsonl", '{"n": 6,', '{"n": 6, "entry": "",', "line 7: the field 'entry' does not belong there"),
            ("ledger.jsonl", '{"n": 6,', '["n"], {"n": 6,', "ledger.jsonl, line 7: it is not JSON"),
        ]:
            with self.subTest(expected):
                self.setUp()
                self.change(name, old, new)
                ended, printed = self.check_ledger()
                self.assertEqual(ended, 2, printed)
                self.assertIn(expected, printed)

    def test_a_file_that_is_no_text_or_not_there(self) -> None:
        self.write("ledger.jsonl", b"\xff\n")
        self.assertEqual(self.check_ledger()[0], 2)
        self.write("ledger.jsonl", "")
        self.assertIn("line 1: the file is empty", self.check_ledger()[1])
        ended, printed = self.run_with(keys="keys.jsonl", heads="heads.jsonl", ledger="none.jsonl")
        self.assertEqual(ended, 2)
        self.assertIn("it cannot be read", printed)

    def test_a_receipt_that_is_not_as_specified(self) -> None:
        self.change("receipt.json", '"after": [', '"after": ["ab", ')
        ended, printed = self.check_receipt()
        self.assertEqual(ended, 2)
        self.assertIn("receipt.json: the field 'after' is wrong", printed)

    def test_other_arguments_are_refused(self) -> None:
        self.assertEqual(self.run_with(keys="keys.jsonl")[0], 2)
        self.assertEqual(self.run_with(keys="keys.jsonl", receipt="receipt.json", ledger="ledger.jsonl")[0], 2)
        self.assertEqual(self.run_with()[0], 2)

    def test_many_ledgers_at_once(self) -> None:
        true, unjust, unreadable = self.book.files(), opened(LINE + "offered t2 p1").files(), self.book.files()
        unreadable["ledger"][3]["n"] = "3"
        cases = [{"case": "true", **true}, {"case": "unjust", **unjust}, {"case": "unreadable", **unreadable}]
        self.write("cases.jsonl", "".join(json.dumps(case) + "\n" for case in cases))
        ended, printed = self.run_with(cases="cases.jsonl")
        self.assertEqual(ended, 1)
        first, second, third = printed.splitlines()
        self.assertEqual(first, "true: true")
        self.assertRegex(second, "^unjust: false Entry 10: .* is passed over\\.$")
        self.assertRegex(third, "^unreadable: false ledger, line 4: the field 'n' is wrong: ")
        self.write("cases.jsonl", json.dumps(cases[0]) + "\n")
        self.assertEqual(self.run_with(cases="cases.jsonl"), (0, "true: true\n"))
        self.write("cases.jsonl", json.dumps({"case": "x", "keys": [], "heads": []}) + "\n")
        self.assertIn("line 1: the field 'ledger' is missing", self.run_with(cases="cases.jsonl")[1])


if __name__ == "__main__":
    unittest.main()
