#!/usr/bin/env python3
"""Checks that a queue went first come, first served.

    verify_queue.py --keys keys.jsonl --heads heads.jsonl --ledger ledger.jsonl
    verify_queue.py --keys keys.jsonl --receipt receipt.json [--heads heads.jsonl]
    verify_queue.py --cases cases.jsonl

The first checks a whole ledger, the second one receipt; the third checks many ledgers at once and is for tests. What
the files are and what has to hold is written in docs/queue-ledger.md; this program was made from that page, shares no
code with the software that keeps the queue, and needs nothing but Python 3.11.

It ends with 0 when everything holds, with 1 when something is wrong (each wrong thing is said in a sentence), and with
2 when a file is not as specified, so that nothing can be said.

What is erased cannot be judged. The program takes erased entries to be whatever makes the rest right, counts what it
could not judge, and says so. All entries about an erased person are erased together and no others are, so the history
of everybody who is not erased is complete and is judged strictly.

What the program cannot see: whether a time is true, whether somebody was offered nothing at all although a place was
free, and whether two people were shown different heads. Against the last, compare your heads with those of others.

The parts, in the order of this file: signatures, strict reading, the chain and its heads, receipts, the rules of a
queue, and what is printed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

# ----------------------------------------------------------------------------------------------------------------------
# Signatures: Ed25519, as RFC 8032 section 5.1 has it. A point of the curve is (X, Y, Z, T) with x = X/Z, y = Y/Z and
# x*y = T/Z. Only public values are handled here, so that it does not matter how long a calculation takes.
# ----------------------------------------------------------------------------------------------------------------------

Point = tuple[int, int, int, int]

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)
NEUTRAL: Point = (0, 1, 1, 0)


def add_points(p: Point, q: Point) -> Point:
    """The sum of two points (RFC 8032, 5.1.4)."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % PRIME
    b = (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c = 2 * p[3] * q[3] * D % PRIME
    d = 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def multiply_point(scalar: int, point: Point) -> Point:
    """The point added to itself so many times."""
    result = NEUTRAL
    while scalar > 0:
        if scalar & 1:
            result = add_points(result, point)
        point = add_points(point, point)
        scalar >>= 1
    return result


def is_same_point(p: Point, q: Point) -> bool:
    """Whether x and y are the same, whatever Z is."""
    return (p[0] * q[2] - q[0] * p[2]) % PRIME == 0 and (p[1] * q[2] - q[1] * p[2]) % PRIME == 0


def decode_point(encoded: bytes) -> Point | None:
    """The point that 32 bytes mean (RFC 8032, 5.1.3), or None when they mean none or are not its one right encoding."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= PRIME:
        return None
    x_squared = (y * y - 1) * pow(D * y * y + 1, -1, PRIME) % PRIME
    x = pow(x_squared, (PRIME + 3) // 8, PRIME)
    if (x * x - x_squared) % PRIME != 0:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (x * x - x_squared) % PRIME != 0:
        return None
    if x == 0 and sign == 1:
        return None
    if x & 1 != sign:
        x = PRIME - x
    return x, y, 1, x * y % PRIME


def is_of_small_order(point: Point) -> bool:
    """Whether it is one of the eight points with which a signature would hold for more than one message."""
    return is_same_point(multiply_point(8, point), NEUTRAL)


BASE = decode_point((4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little"))
assert BASE is not None


@cache
def signature_holds(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this key signed this message (RFC 8032, 5.1.7). The same question is calculated only once."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    a, r = decode_point(public_key), decode_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER or is_of_small_order(a) or is_of_small_order(r):
        return False
    k = int.from_bytes(sha512(signature[:32] + public_key + message).digest(), "little") % ORDER
    return is_same_point(multiply_point(s, BASE), add_points(r, multiply_point(k, a)))


# ----------------------------------------------------------------------------------------------------------------------
# Strict reading: what is not exactly as specified is refused, so that nobody else can read something different in it.
# ----------------------------------------------------------------------------------------------------------------------


class NotAsSpecified(Exception):
    """Why a text, an object or a file cannot be read."""


Reader = Callable[[object], Any]


def read_object(text: str) -> dict[str, Any]:
    """A JSON object in which no field stands twice."""

    def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for name, value in pairs:
            if name in fields:
                raise NotAsSpecified(f"the field {name!r} stands there twice")
            fields[name] = value
        return fields

    def no_such_number(name: str) -> Any:
        raise NotAsSpecified(f"{name} is no number")

    try:
        read = json.loads(text, object_pairs_hook=without_repeats, parse_constant=no_such_number)
    except (ValueError, RecursionError) as error:
        raise NotAsSpecified(f"it is not JSON ({error})") from None
    if not isinstance(read, dict):
        raise NotAsSpecified("it is not a JSON object")
    return read


def read_fields(found: object, readers: dict[str, Reader]) -> dict[str, Any]:
    """The values of an object that has these fields and no others."""
    if not isinstance(found, dict):
        raise NotAsSpecified("it is not a JSON object")
    for name in readers:
        if name not in found:
            raise NotAsSpecified(f"the field {name!r} is missing")
    for name in found:
        if name not in readers:
            raise NotAsSpecified(f"the field {name!r} does not belong there")
    values = {}
    for name, reader in readers.items():
        try:
            values[name] = reader(found[name])
        except NotAsSpecified as error:
            raise NotAsSpecified(f"the field {name!r} is wrong: {error}") from None
    return values


def a_text(found: object) -> str:
    """A text that has bytes in UTF-8."""
    if not isinstance(found, str):
        raise NotAsSpecified("it is not a text")
    try:
        found.encode()
    except UnicodeEncodeError:
        raise NotAsSpecified("it is not UTF-8") from None
    return found


def a_text_like(pattern: str, description: str) -> Reader:
    """Reads texts that match a pattern from beginning to end."""
    compiled = re.compile(pattern)

    def read(found: object) -> str:
        if compiled.fullmatch(a_text(found)) is None:
            raise NotAsSpecified(f"it is not {description}")
        return str(found)

    return read


def bytes_in_hex(length: int) -> Reader:
    """Reads so many bytes, each written as two hexadecimal digits in lower case."""
    read_digits = a_text_like(f"[0-9a-f]{{{2 * length}}}", f"{2 * length} hexadecimal digits in lower case")
    return lambda found: bytes.fromhex(read_digits(found))


def exactly(expected: str) -> Reader:
    """Reads one text and no other."""
    return a_text_like(re.escape(expected), f"{expected!r}")


def a_count(found: object) -> int:
    """A whole number from 1, of a size that every reader of JSON can hold."""
    if type(found) is not int or not 1 <= found < 2**53:
        raise NotAsSpecified("it is not a whole number from 1")
    return found


def a_list_of(reader: Reader) -> Reader:
    """Reads a list."""

    def read(found: object) -> list[Any]:
        if not isinstance(found, list):
            raise NotAsSpecified("it is not a list")
        return [reader(item) for item in found]

    return read


an_id = a_text_like("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "an id with hyphens in lower case")
a_key_name = a_text_like("[0-9a-f]{16}", "16 hexadecimal digits in lower case")
_a_day_in_digits = a_text_like("2[0-9]{3}-[0-9]{2}-[0-9]{2}", "a day like 2026-12-07")
_a_moment_in_digits = a_text_like(
    "2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z", "a moment like 2026-12-07T10:00:00.000Z"
)
_an_hour_in_digits = a_text_like("2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:00:00Z", "a full hour like 2026-12-07T10:00:00Z")


def a_day(found: object) -> str:
    """A day that exists; days are only compared, so it stays a text."""
    text: str = _a_day_in_digits(found)
    try:
        date.fromisoformat(text)
    except ValueError:
        raise NotAsSpecified("there is no such day") from None
    return text


def a_set_of_days(found: object) -> frozenset[str]:
    """A list of days, the earlier before the later and none twice."""
    days: list[str] = a_list_of(a_day)(found)
    if days != sorted(set(days)):
        raise NotAsSpecified("its days do not ascend")
    return frozenset(days)


def a_moment(found: object) -> datetime:
    """A moment in UTC with milliseconds."""
    return _existing_moment(_a_moment_in_digits(found))


def an_hour(found: object) -> datetime:
    """A full hour in UTC."""
    return _existing_moment(_an_hour_in_digits(found))


def _existing_moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        raise NotAsSpecified("there is no such moment") from None


def in_digits(moment: datetime) -> str:
    """A moment as entries write it."""
    return moment.isoformat(timespec="milliseconds") + "Z"


@dataclass(frozen=True)
class Key:
    """A line of keys.jsonl: a public key of the installation and its short name."""

    name: str
    ed25519: bytes


def a_key(found: object) -> Key:
    """Reads a line of keys.jsonl."""
    values = read_fields(found, {"key": a_key_name, "ed25519": bytes_in_hex(32)})
    return Key(values["key"], values["ed25519"])


@dataclass(frozen=True)
class Head:
    """A line of heads.jsonl: what the installation signed about the first `count` entries."""

    queue: str
    count: int
    head: bytes
    hour: datetime
    key: str
    signature: bytes

    def signed_text(self) -> bytes:
        """The text under the signature."""
        hour = self.hour.isoformat(timespec="seconds") + "Z"
        return f"dichterbij queue head v1\n{self.queue}\n{self.count}\n{self.head.hex()}\n{hour}\n".encode()


def a_head(found: object) -> Head:
    """Reads a line of heads.jsonl."""
    readers: dict[str, Reader] = {
        "queue": an_id,
        "count": a_count,
        "head": bytes_in_hex(32),
        "hour": an_hour,
        "key": a_key_name,
        "signature": bytes_in_hex(64),
    }
    return Head(**read_fields(found, readers))


@dataclass(frozen=True)
class Line:
    """A line of ledger.jsonl: an entry with its nonce, or of an erased entry only the commitment."""

    n: int
    commitment: bytes
    text: str | None


def a_ledger_opening(found: object) -> str:
    """Reads the first line of ledger.jsonl: the id of the queue."""
    queue: str = read_fields(found, {"ledger": exactly("dichterbij queue v1"), "queue": an_id})["queue"]
    return queue


def a_ledger_line(found: object) -> Line:
    """Reads any other line of ledger.jsonl."""
    if isinstance(found, dict) and "commitment" in found:
        erased = read_fields(found, {"n": a_count, "commitment": bytes_in_hex(32)})
        return Line(erased["n"], erased["commitment"], None)
    values = read_fields(found, {"n": a_count, "nonce": bytes_in_hex(32), "entry": a_text})
    return Line(values["n"], commitment_of(values["nonce"], values["entry"]), values["entry"])


@dataclass(frozen=True)
class Receipt:
    """A proof that one entry stands in a ledger of which the head was published."""

    queue: str
    n: int
    nonce: bytes
    entry: str
    before: bytes
    after: list[bytes]
    head: Head


def a_receipt(found: object) -> Receipt:
    """Reads a receipt."""
    readers: dict[str, Reader] = {
        "receipt": exactly("dichterbij queue v1"),
        "queue": an_id,
        "n": a_count,
        "nonce": bytes_in_hex(32),
        "entry": a_text,
        "before": bytes_in_hex(32),
        "after": a_list_of(bytes_in_hex(32)),
        "head": a_head,
    }
    values = read_fields(found, readers)
    del values["receipt"]
    return Receipt(**values)


@dataclass(frozen=True)
class Entry:
    """What happened, when, and what belongs to it."""

    at: datetime
    what: str
    about: dict[str, Any]


a_reason_to_set_right = a_text_like("answer|left_by_mistake|first_day|other_person", "a reason to set something right")

FIELDS_OF_ENTRIES: dict[str, dict[str, Reader]] = {
    "queue_opened": {"opens_at": a_moment},
    "place_added": {"place": an_id, "first_day": a_day},
    "place_withdrawn": {"place": an_id, "reason": a_text},
    "offers_stopped": {"reason": a_text},
    "offers_go_on": {},
    "queue_closed": {"reason": a_text},
    "signed_up": {"ticket": an_id, "number": a_count},
    "confirmed": {"ticket": an_id},
    "unconfirmed": {"ticket": an_id},
    "contact_changed": {"ticket": an_id, "no_offer_before": a_moment},
    "offered": {"ticket": an_id, "place": an_id, "until": a_moment},
    "said_yes": {"ticket": an_id, "place": an_id},
    "said_no": {"ticket": an_id, "place": an_id},
    "not_that_day": {"ticket": an_id, "place": an_id, "first_day": a_day},
    "refuses_days": {"ticket": an_id, "days": a_set_of_days},
    "said_later": {"ticket": an_id, "place": an_id},
    "no_answer": {"ticket": an_id, "place": an_id},
    "not_reached": {"ticket": an_id, "place": an_id},
    "offer_ended": {"ticket": an_id, "place": an_id},
    "paused": {"ticket": an_id},
    "goes_on": {"ticket": an_id},
    "stepped_down": {"ticket": an_id},
    "came_back": {"ticket": an_id},
    "gave_back": {"ticket": an_id, "place": an_id},
    "started": {"ticket": an_id, "place": an_id},
    "no_show": {"ticket": an_id, "place": an_id},
    "place_freed": {"place": an_id},
    "corrected": {"ticket": an_id, "reason": a_text},
    "set_right": {"ticket": an_id, "reason": a_reason_to_set_right},
}


def read_entry(text: str) -> Entry:
    """The entry that a text means."""
    found = read_object(text)
    what = found.get("what")
    if not isinstance(what, str) or what not in FIELDS_OF_ENTRIES:
        raise NotAsSpecified(f"{what!r} is nothing that can happen in a queue")
    fields = {"at": a_moment, "what": a_text, **FIELDS_OF_ENTRIES[what]}
    if what == "set_right" and "place" in found:
        fields["place"] = an_id
    values = read_fields(found, fields)
    return Entry(values.pop("at"), values.pop("what"), values)


# ----------------------------------------------------------------------------------------------------------------------
# The chain and its heads.
# ----------------------------------------------------------------------------------------------------------------------


@dataclass
class Findings:
    """What came out. `wrong` has a sentence for each wrong thing; `notes` has what an auditor should know."""

    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)


def start_of_chain(queue: str) -> bytes:
    """h(0)."""
    return sha256(b"dichterbij queue v1" + bytes.fromhex(queue.replace("-", ""))).digest()


def commitment_of(nonce: bytes, entry: str) -> bytes:
    """c(n)."""
    return sha256(b"dichterbij entry v1" + nonce + entry.encode()).digest()


def next_in_chain(before: bytes, commitment: bytes) -> bytes:
    """h(n), from h(n-1) and c(n)."""
    return sha256(b"dichterbij head v1" + before + commitment).digest()


def chain_of(queue: str, lines: Iterable[Line]) -> list[bytes]:
    """h(0), h(1), ... of a ledger."""
    chain = [start_of_chain(queue)]
    for line in lines:
        chain.append(next_in_chain(chain[-1], line.commitment))
    return chain


def check_keys(keys: list[Key]) -> Iterator[str]:
    """Each key has the name that follows from it, and stands there once."""
    for number, key in enumerate(keys, start=1):
        if key.name != sha256(key.ed25519).hexdigest()[:16]:
            yield f"Key {number}: its name {key.name} is not the beginning of its hash."
        if key.name in [earlier.name for earlier in keys[: number - 1]]:
            yield f"Key {number}: the name {key.name} stands there twice."


def check_signature(keys: list[Key], head: Head) -> str | None:
    """Why the signature under a head does not hold."""
    named = [key for key in keys if key.name == head.key]
    if not named:
        return f"it is signed with the key {head.key}, which is not among the keys"
    if not signature_holds(named[0].ed25519, head.signed_text(), head.signature):
        return "its signature does not hold"
    return None


def faults_of_head(keys: list[Key], head: Head, queue: str, chain: list[bytes]) -> Iterator[str]:
    """Why a head is not a signed head of this ledger."""
    fault = check_signature(keys, head)
    if fault is not None:
        yield fault
    length = len(chain) - 1
    if head.queue != queue:
        yield f"it is of the queue {head.queue}, and the ledger of {queue}"
    elif head.count > length:
        yield f"the ledger is cut off, it has only {length} entries"
    elif head.head != chain[head.count]:
        yield f"the first {head.count} entries of the ledger do not give this head"


def faults_in_following(before: Head, head: Head) -> Iterator[str]:
    """Why a head cannot follow on another: it has a later hour, and not fewer entries."""
    if head.hour <= before.hour:
        yield "its hour is not later than that of the head before"
    if head.count < before.count:
        yield f"it has fewer entries than the head before, which has {before.count}"


def check_heads(keys: list[Key], heads: list[Head], queue: str, chain: list[bytes], findings: Findings) -> int:
    """Rule 1: heads are signed, are of this ledger, and follow each other. Returns how many entries they prove."""
    proven = 0
    for number, head in enumerate(heads, start=1):
        faults = list(faults_of_head(keys, head, queue, chain))
        if not faults:
            proven = max(proven, head.count)
        if number > 1:
            faults.extend(faults_in_following(heads[number - 2], head))
        findings.wrong.extend(f"Head {number} ({head.count} entries): {fault}." for fault in faults)
    return proven


def check_line_numbers(lines: list[Line]) -> Iterator[str]:
    """Entries are 1, 2, 3, ... without a gap."""
    expected = 1
    for line in lines:
        if line.n != expected:
            yield f"Entry {line.n}: it stands where entry {expected} should stand."
        expected = line.n + 1


def check_ledger(keys: list[Key], heads: list[Head], queue: str, lines: list[Line]) -> Findings:
    """Everything under "What a verifier checks"."""
    findings = Findings()
    chain = chain_of(queue, lines)
    findings.wrong.extend(check_keys(keys))
    findings.wrong.extend(check_line_numbers(lines))
    proven = check_heads(keys, heads, queue, chain, findings)
    judged = Judge(findings).read_all(lines)
    erased = sum(line.text is None for line in lines)
    counts = f"{len(lines)} entries, {erased} of them erased; {len(heads)} published heads"
    findings.facts.append(f"Queue {queue}: {counts}.")
    if proven < len(lines):
        loose = len(lines) - proven
        findings.facts.append(
            f"After the last published head that holds: {loose} entries, from entry {proven + 1}, "
            "that nothing proves yet."
        )
    findings.facts.append(judged)
    return findings


# ----------------------------------------------------------------------------------------------------------------------
# Receipts.
# ----------------------------------------------------------------------------------------------------------------------


def check_receipt(keys: list[Key], receipt: Receipt, heads: list[Head] | None) -> Findings:
    """Whether a receipt proves its entry; with heads, whether its head is also among those."""
    findings = Findings()
    findings.wrong.extend(check_keys(keys))
    findings.wrong.extend(faults_of_receipt(keys, receipt))
    if heads is not None and receipt.head not in heads:
        findings.wrong.append(f"Receipt: its head ({receipt.head.count} entries) is not among the published heads.")
    among = "" if heads is None else f"; it was looked for among {len(heads)} published heads"
    findings.facts.append(
        f"Receipt of entry {receipt.n} in the queue {receipt.queue}, against the head of "
        f"{receipt.head.count} entries{among}."
    )
    findings.facts.append(f"The entry: {receipt.entry!r}")
    return findings


def faults_of_receipt(keys: list[Key], receipt: Receipt) -> Iterator[str]:
    """What is wrong with a receipt by itself."""
    head = receipt.head
    fault = check_signature(keys, head)
    if fault is not None:
        yield f"Receipt: of its head, {fault}."
    if head.queue != receipt.queue:
        yield f"Receipt: it is of the queue {receipt.queue}, and its head of {head.queue}."
    if receipt.n + len(receipt.after) != head.count:
        yield (
            f"Receipt: entry {receipt.n} and {len(receipt.after)} entries after it do not make "
            f"the {head.count} entries of its head."
        )
    if receipt.n == 1 and receipt.before != start_of_chain(receipt.queue):
        yield "Receipt: what it has before entry 1 is not the start of the chain."
    last = next_in_chain(receipt.before, commitment_of(receipt.nonce, receipt.entry))
    for commitment in receipt.after:
        last = next_in_chain(last, commitment)
    if last != head.head:
        yield f"Receipt: entry {receipt.n} and what comes after it do not give its head."
    try:
        entry = read_entry(receipt.entry)
    except NotAsSpecified as error:
        yield f"Receipt: entry {receipt.n} is not as specified: {error}."
        return
    if (entry.what == "queue_opened") != (receipt.n == 1):
        yield f"Receipt: entry {receipt.n} is {entry.what}, and the first entry and no other is queue_opened."


# ----------------------------------------------------------------------------------------------------------------------
# The rules of a queue: tickets, places, numbers and order (rules 2, 3 and 4).
# ----------------------------------------------------------------------------------------------------------------------


class State(Enum):
    """Where a ticket stands. The value is how sentences say it."""

    IN_LINE = "is in line"
    OFFERED = "has an offer"
    YES = "said yes"
    PAUSED = "is paused"
    LEFT = "left by her own word"
    ENDED = "ended"
    STARTED = "started"


LIVING = frozenset({State.IN_LINE, State.OFFERED, State.YES, State.PAUSED})
HOLDING_A_PLACE = frozenset({State.OFFERED, State.YES, State.STARTED})


@dataclass(frozen=True)
class Step:
    """From which states an entry about a ticket is possible, and the state it leads to; None leaves it as it is."""

    possible_from: frozenset[State]
    leads_to: State | None


def step(*possible_from: State, leads_to: State | None) -> Step:
    """Writes a step in a line."""
    return Step(frozenset(possible_from), leads_to)


# `signed_up` and `corrected` are not here: the first makes a ticket, the second is possible always and changes nothing.
STEPS: dict[str, Step] = {
    "confirmed": Step(LIVING, None),
    "contact_changed": Step(LIVING, None),
    "unconfirmed": step(State.IN_LINE, State.PAUSED, leads_to=State.ENDED),
    "offered": step(State.IN_LINE, leads_to=State.OFFERED),
    "said_yes": step(State.OFFERED, leads_to=State.YES),
    "said_no": step(State.OFFERED, leads_to=State.LEFT),
    "not_that_day": step(State.OFFERED, leads_to=State.IN_LINE),
    "refuses_days": step(State.IN_LINE, State.PAUSED, leads_to=None),
    "said_later": step(State.OFFERED, leads_to=State.PAUSED),
    "no_answer": step(State.OFFERED, leads_to=State.PAUSED),
    "not_reached": step(State.OFFERED, leads_to=State.PAUSED),
    "offer_ended": step(State.OFFERED, leads_to=State.IN_LINE),
    "paused": step(State.IN_LINE, leads_to=State.PAUSED),
    "goes_on": step(State.PAUSED, leads_to=State.IN_LINE),
    "stepped_down": step(State.IN_LINE, State.PAUSED, leads_to=State.LEFT),
    "came_back": step(State.LEFT, leads_to=State.IN_LINE),
    "gave_back": step(State.YES, leads_to=State.PAUSED),
    "started": step(State.YES, leads_to=State.STARTED),
    "no_show": step(State.YES, leads_to=State.ENDED),
    "set_right": step(State.LEFT, State.ENDED, State.STARTED, leads_to=State.IN_LINE),
}

ANSWERS = frozenset({"said_yes", "said_no", "not_that_day", "said_later"})
CONFIRMED_WITHIN = timedelta(hours=48)
NEW_CONTACT_WAITS = timedelta(hours=24)
FEWEST_ENTRIES_OF_A_HOLDER = 3  # whoever has a place signed up, confirmed, and was offered it


@dataclass(frozen=True)
class Standing:
    """Everything that can change about a ticket."""

    state: State = State.IN_LINE
    place: str | None = None
    until: datetime | None = None
    is_confirmed: bool = False
    can_be_confirmed: bool = True
    no_offer_before: datetime | None = None
    refused_days: frozenset[str] = frozenset()

    def after(self, entry: Entry) -> Standing:
        """The standing once this has happened, whether or not it was allowed."""
        if entry.what == "confirmed":
            return replace(self, is_confirmed=True, can_be_confirmed=False)
        if entry.what == "contact_changed":
            return replace(self, no_offer_before=entry.about["no_offer_before"], can_be_confirmed=True)
        if entry.what == "refuses_days":
            return replace(self, refused_days=entry.about["days"])
        state = STEPS[entry.what].leads_to or self.state
        place = entry.about["place"] if state in HOLDING_A_PLACE else None
        until = entry.about.get("until")
        refused_days = self.refused_days
        if entry.what == "not_that_day":
            refused_days |= {entry.about["first_day"]}
        return replace(self, state=state, place=place, until=until, refused_days=refused_days)

    def why_not_offered(self, first_day: str, at: datetime) -> str | None:
        """Why she could not take a place with this first day at this moment; None when she could."""
        if self.state is not State.IN_LINE:
            return f"the ticket {self.state.value}"
        if not self.is_confirmed:
            return "she did not confirm"
        if self.no_offer_before is not None and self.no_offer_before > at:
            return f"her new number gets no offer before {in_digits(self.no_offer_before)}"
        if first_day in self.refused_days:
            return f"she cannot begin on {first_day}"
        return None


@dataclass
class Ticket:
    """One person's place in line."""

    name: str
    number: int
    signed_up_at: datetime
    erased_numbers_below: int
    now: Standing = Standing()
    before: Standing = Standing()
    is_corrected: bool = False

    def why_not(self, standing: Standing, entry: Entry) -> str | None:
        """Why the table of entries does not let this happen to a ticket that stands so; None when it does.

        Offers are judged by `Standing.why_not_offered` and not here.
        """
        if standing.state not in STEPS[entry.what].possible_from:
            return f"the ticket {standing.state.value}"
        if entry.about.get("place", standing.place) != standing.place:
            return f"the place of this ticket is {standing.place}"
        if entry.what == "confirmed" and not standing.can_be_confirmed:
            return "her number or address was confirmed before"
        if entry.what == "unconfirmed" and standing.is_confirmed:
            return "she had confirmed"
        if entry.what == "contact_changed" and not standing.is_confirmed:
            return "she did not confirm"
        if entry.what == "refuses_days" and entry.about["days"] == standing.refused_days:
            return "these are the days that she refused before"
        if entry.what == "set_right":
            if not standing.is_confirmed:
                return "she did not confirm"
            if (standing.state is State.STARTED) != ("place" in entry.about):
                return "a place is named where she had begun, and only there"
        return None

    def why_not_then(self, entry: Entry) -> str | None:
        """Why this cannot happen at this moment; None when it can. On the very millisecond both sides are right."""
        until = self.now.until
        if entry.what in ANSWERS and until is not None and entry.at > until:
            return f"her time to answer was over at {in_digits(until)}"
        if entry.what == "no_answer" and until is not None and entry.at < until:
            return f"she has time to answer until {in_digits(until)}"
        if entry.what == "unconfirmed" and entry.at < self.signed_up_at + CONFIRMED_WITHIN:
            return "48 hours have not passed since she signed up"
        if entry.what == "contact_changed" and entry.about["no_offer_before"] != entry.at + NEW_CONTACT_WAITS:
            return "a new number waits 24 hours, no less and no more"
        return None


@dataclass
class Place:
    """A place of work.

    `holder` is the ticket that has an offer of it, said yes to it or started there, as far as it is not erased. While
    there is no such holder, an erased person may hold the place. She came to it by an erased entry after the place was
    last known to be free, and before that she signed up and confirmed. So the number of entries that were erased until
    then is kept, and likewise until the place was withdrawn, because after that nobody came to it.
    """

    first_day: str
    erased_when_free: int
    holder: str | None = None
    erased_when_withdrawn: int | None = None

    @property
    def is_withdrawn(self) -> bool:
        """Whether the employer took it back."""
        return self.erased_when_withdrawn is not None

    def may_be_held_by_erased(self, erased: int) -> bool:
        """Whether an erased person may hold it, when so many entries are erased until now."""
        until = erased if self.erased_when_withdrawn is None else self.erased_when_withdrawn
        return self.holder is None and until > self.erased_when_free and until >= FEWEST_ENTRIES_OF_A_HOLDER


class Judge:
    """Reads the entries of a ledger one by one and says what was not allowed.

    What was not allowed is taken as it is written, so that one wrong entry is not blamed on all that follow.
    """

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.n = 0
        self.last_at: datetime | None = None
        self.opens_at: datetime | None = None
        self.is_stopped = False
        self.is_closed = False
        self.tickets: dict[str, Ticket] = {}
        self.places: dict[str, Place] = {}
        self.in_line: list[tuple[int, str]] = []  # number and ticket of everybody in line, lowest number first
        self.last_number = 0
        self.erased = 0
        self.erased_numbers = 0
        self.erased_since_last_number = 0
        self.offers = 0
        self.unjudged_offers = 0
        self.offers_with_unjudged_order = 0
        self.offers_with_unjudged_place = 0

    # What goes wrong.

    def wrong(self, sentence: str) -> None:
        """This entry is wrong."""
        self.findings.wrong.append(f"Entry {self.n}: {sentence}.")

    def note(self, sentence: str) -> None:
        """This entry is not wrong, and worth a look."""
        self.findings.notes.append(f"Entry {self.n}: {sentence}.")

    # Reading.

    def read_all(self, lines: list[Line]) -> str:
        """Judges the entries; returns what could be judged."""
        for n, line in enumerate(lines, start=1):
            self.n = n
            if line.text is None:
                self.read_erased()
                continue
            try:
                entry = read_entry(line.text)
            except NotAsSpecified as error:
                self.wrong(f"it is not as specified: {error}")
                self.note("because it cannot be read, numbers, places and order were not judged from here on")
                break
            self.read(entry)
        return self.what_was_judged()

    def what_was_judged(self) -> str:
        """How many offers were judged, and how many could not be because of what is erased."""
        said = f"Offers: {self.offers}. Could not be judged: {self.unjudged_offers}."
        if self.offers_with_unjudged_order:
            said += (
                f" Of {self.offers_with_unjudged_order} whether it was an erased person's turn, "
                "because she had a lower number and may have been in line."
            )
        if self.offers_with_unjudged_place:
            said += (
                f" Of {self.offers_with_unjudged_place} whether the place was free, "
                "because an erased person may have had it."
            )
        if self.unjudged_offers:
            said += " Between all who are not erased they were judged."
        return said

    def read_erased(self) -> None:
        """An entry about somebody who was erased; she signed up before it, or it is her signing up."""
        if self.n == 1:
            self.wrong("it is erased, and the first entry is queue_opened, which is about nobody")
        elif self.is_closed and self.erased == 0:
            self.wrong("it is erased, and nobody who signed up before the queue closed is erased")
        self.erased += 1
        self.erased_since_last_number += 1

    def read(self, entry: Entry) -> None:
        """An entry that is not erased."""
        if (entry.what == "queue_opened") != (self.n == 1):
            self.wrong(f"it is {entry.what}, and the first entry and no other is queue_opened")
        if self.last_at is not None and entry.at < self.last_at:
            self.note("its moment is before that of the entry before, as when a clock was set back")
        self.last_at = entry.at
        if entry.what == "signed_up":
            self.sign_up(entry)
        elif "ticket" in entry.about:
            self.read_about_ticket(entry)
        elif "place" in entry.about:
            self.read_about_place(entry)
        else:
            self.read_about_queue(entry)

    # The queue itself.

    def read_about_queue(self, entry: Entry) -> None:
        """It opens, closes, or offers stop or go on."""
        if entry.what == "queue_opened":
            self.opens_at = entry.about["opens_at"]
        elif entry.what == "queue_closed":
            if self.is_closed:
                self.wrong("the queue closes, and was closed before")
            self.is_closed = True
        elif entry.what == "offers_stopped":
            if self.is_stopped:
                self.wrong("offers stop, and had stopped before")
            self.is_stopped = True
        elif entry.what == "offers_go_on":
            if not self.is_stopped:
                self.wrong("offers go on, and had not stopped")
            self.is_stopped = False

    # Places.

    def read_about_place(self, entry: Entry) -> None:
        """A place is added, withdrawn, or comes free because its person was erased."""
        name = entry.about["place"]
        place = self.places.get(name)
        if entry.what == "place_added":
            if place is not None:
                self.wrong(f"the place {name} is added, and was added before")
            else:
                self.places[name] = Place(entry.about["first_day"], erased_when_free=self.erased)
        elif place is None:
            self.wrong(f"{entry.what} of the place {name}, which was not added")
        elif entry.what == "place_withdrawn":
            if place.is_withdrawn:
                self.wrong(f"the place {name} is withdrawn, and was withdrawn before")
            else:
                place.erased_when_withdrawn = self.erased
        else:
            self.free_place_of_erased(name, place)

    def free_place_of_erased(self, name: str, place: Place) -> None:
        """`place_freed`: an erased person held this place until now."""
        if place.holder is not None:
            self.wrong(f"the place {name} is freed, and its person (ticket {place.holder}) is not erased")
        elif not place.may_be_held_by_erased(self.erased):
            self.wrong(f"the place {name} is freed, and no erased person can have held it")
        place.holder = None
        place.erased_when_free = self.erased

    # Signing up.

    def sign_up(self, entry: Entry) -> None:
        """Somebody stands in line, with the next number (rule 2)."""
        name, number = entry.about["ticket"], entry.about["number"]
        if self.is_closed:
            self.wrong("somebody signs up, and the queue is closed")
        if self.opens_at is not None and entry.at < self.opens_at:
            self.wrong(f"somebody signs up, and the queue opens at {in_digits(self.opens_at)}")
        self.check_number(number)
        if name in self.tickets:
            self.wrong(f"the ticket {name} signs up, and did so before")
            return
        self.tickets[name] = Ticket(name, number, entry.at, erased_numbers_below=self.erased_numbers)
        insort(self.in_line, (number, name))

    def check_number(self, number: int) -> None:
        """Numbers are 1, 2, 3, ...; a missing one is of an erased person, who signed up by an entry in between."""
        missing = number - self.last_number - 1
        if missing < 0:
            self.wrong(f"it gives the number {number}, and {self.last_number + 1} is next")
            return
        if missing > self.erased_since_last_number:
            self.wrong(
                f"it gives the number {number} after {self.last_number}, "
                f"and {self.erased_since_last_number} erased entries in between cannot have the missing {missing}"
            )
        self.erased_numbers += missing
        if self.erased_since_last_number > 0 and self.erased_numbers == 0:
            self.wrong("entries before it are erased, and no number is missing of somebody whom they could be about")
        self.last_number = number
        self.erased_since_last_number = 0

    # Tickets.

    def read_about_ticket(self, entry: Entry) -> None:
        """Something happens to a ticket, and to the place that it names."""
        name = entry.about["ticket"]
        ticket = self.tickets.get(name)
        if ticket is None:
            self.wrong(f"{entry.what} of the ticket {name}, which did not sign up")
        elif entry.what == "corrected":
            ticket.is_corrected = True
            self.note(f"what was written about the ticket {name} is corrected ({entry.about['reason']!r})")
        elif "place" in entry.about and entry.about["place"] not in self.places:
            self.wrong(f"{entry.what} of the place {entry.about['place']}, which was not added")
        elif entry.what == "offered":
            self.offer(ticket, entry)
        else:
            self.take_step(ticket, entry)

    def take_step(self, ticket: Ticket, entry: Entry) -> None:
        """A step other than an offer.

        After `corrected` what was meant follows: it may also follow on the standing before the last entry about this
        ticket, which was the wrong one, and comes later than it should have.
        """
        says = f"{entry.what} of the ticket {ticket.name}"
        standing = ticket.now
        fault = ticket.why_not(standing, entry) or ticket.why_not_then(entry)
        if fault is not None and ticket.is_corrected:
            standing = ticket.before
            fault = ticket.why_not(standing, entry)
        if fault is not None:
            self.wrong(f"{says}, and {fault}")
        if entry.what == "offer_ended" and not self.is_stopped:
            self.wrong(f"{says}, and offers had not stopped")
        if entry.what == "set_right" and self.is_closed:
            self.wrong(f"{says}, and the queue is closed")
        if entry.what == "not_that_day":
            first_day = self.places[entry.about["place"]].first_day
            if entry.about["first_day"] != first_day:
                self.wrong(f"{says}, and the first day of the place is {first_day}")
        if entry.what == "refuses_days":
            of_no_place = entry.about["days"] - {place.first_day for place in self.places.values()}
            if of_no_place:
                self.wrong(f"{says}, and no place was added with the first day {min(of_no_place)}")
        self.move(ticket, standing.after(entry))

    def move(self, ticket: Ticket, standing: Standing) -> None:
        """The ticket stands so from now on; places and the line follow (rule 3)."""
        old = ticket.now
        if old.place is not None and old.place != standing.place:
            self.leave_place(ticket, self.places[old.place])
        if standing.place is not None and old.place != standing.place:
            self.come_to_place(ticket, standing.place)
        place_in_line = (ticket.number, ticket.name)
        if old.state is State.IN_LINE and standing.state is not State.IN_LINE:
            del self.in_line[bisect_left(self.in_line, place_in_line)]
        if old.state is not State.IN_LINE and standing.state is State.IN_LINE:
            insort(self.in_line, place_in_line)
        ticket.before, ticket.now = old, standing
        ticket.is_corrected = False

    def leave_place(self, ticket: Ticket, place: Place) -> None:
        """The place is free now, and known to be."""
        if place.holder == ticket.name:
            place.holder = None
            place.erased_when_free = self.erased

    def come_to_place(self, ticket: Ticket, name: str) -> None:
        """The place is hers: by an offer, or by what was meant after `corrected`."""
        place = self.places[name]
        if place.holder is not None:
            self.wrong(f"the place {name} goes to the ticket {ticket.name}, and the ticket {place.holder} has it")
        elif place.is_withdrawn:
            self.wrong(f"the place {name} goes to the ticket {ticket.name}, and was withdrawn")
        place.holder = ticket.name

    # Offers.

    def offer(self, ticket: Ticket, entry: Entry) -> None:
        """A place is offered: she could take it, and nobody before her could (rules 3 and 4)."""
        place = self.places[entry.about["place"]]
        says = f"an offer goes to number {ticket.number} (ticket {ticket.name})"
        if self.is_stopped:
            self.wrong(f"{says}, and offers had stopped")
        if self.is_closed:
            self.wrong(f"{says}, and the queue is closed")
        if entry.about["until"] <= entry.at:
            self.wrong(f"{says}, and ends before she can answer")
        fault = ticket.now.why_not_offered(place.first_day, entry.at)
        if fault is not None:
            self.wrong(f"{says}, and {fault}")
        passed_over = self.first_who_could_take(place, ticket.number, entry.at)
        if passed_over is not None:
            self.wrong(f"{says}, and number {passed_over.number} (ticket {passed_over.name}) is passed over")
        self.count_offer(ticket, place)
        self.move(ticket, ticket.now.after(entry))

    def count_offer(self, ticket: Ticket, place: Place) -> None:
        """Counts an offer, and whether what is erased may hide something about it."""
        is_order_unjudged = ticket.erased_numbers_below > 0
        is_place_unjudged = place.may_be_held_by_erased(self.erased)
        self.offers += 1
        self.unjudged_offers += is_order_unjudged or is_place_unjudged
        self.offers_with_unjudged_order += is_order_unjudged
        self.offers_with_unjudged_place += is_place_unjudged

    def first_who_could_take(self, place: Place, below: int, at: datetime) -> Ticket | None:
        """The lowest number below this one that could take this place now."""
        for number, name in self.in_line:
            if number >= below:
                return None
            ticket = self.tickets[name]
            if ticket.now.why_not_offered(place.first_day, at) is None:
                return ticket
        return None


# ----------------------------------------------------------------------------------------------------------------------
# Files, and what is printed.
# ----------------------------------------------------------------------------------------------------------------------


def read_text(path: Path) -> str:
    """A file as a text."""
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise NotAsSpecified(f"{path}: it cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise NotAsSpecified(f"{path}: it is not UTF-8 ({error})") from None


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a file in JSON Lines."""
    lines = read_text(path).removesuffix("\n").split("\n")
    if lines == [""]:
        return []
    objects = []
    for number, line in enumerate(lines, start=1):
        try:
            objects.append(read_object(line))
        except NotAsSpecified as error:
            raise NotAsSpecified(f"{path}, line {number}: {error}") from None
    return objects


def read_each(name: str, objects: Iterable[object], reader: Reader, first: int = 1) -> list[Any]:
    """Reads objects that are the lines of a file with this name, counted from `first`."""
    values = []
    for number, found in enumerate(objects, start=first):
        try:
            values.append(reader(found))
        except NotAsSpecified as error:
            raise NotAsSpecified(f"{name}, line {number}: {error}") from None
    return values


def check_objects(keys: list[Any], heads: list[Any], ledger: list[Any], names: tuple[str, str, str]) -> Findings:
    """Checks a ledger of which the three files were parsed; the names are for sentences."""
    if not ledger:
        raise NotAsSpecified(f"{names[2]}, line 1: the file is empty")
    read_keys = read_each(names[0], keys, a_key)
    read_heads = read_each(names[1], heads, a_head)
    queue = read_each(names[2], ledger[:1], a_ledger_opening)[0]
    lines = read_each(names[2], ledger[1:], a_ledger_line, first=2)
    return check_ledger(read_keys, read_heads, queue, lines)


def check_ledger_files(keys: Path, heads: Path, ledger: Path) -> Findings:
    """The first way to call this program."""
    names = (str(keys), str(heads), str(ledger))
    return check_objects(read_lines(keys), read_lines(heads), read_lines(ledger), names)


def check_receipt_files(keys: Path, receipt: Path, heads: Path | None) -> Findings:
    """The second way."""
    read_keys = read_each(str(keys), read_lines(keys), a_key)
    read_heads = None if heads is None else read_each(str(heads), read_lines(heads), a_head)
    text = read_text(receipt)
    try:
        read_receipt = a_receipt(read_object(text))
    except NotAsSpecified as error:
        raise NotAsSpecified(f"{receipt}: {error}") from None
    return check_receipt(read_keys, read_receipt, read_heads)


def first_fault_of_case(case: dict[str, Any]) -> str | None:
    """The first wrong thing of one ledger among many; what cannot be read is wrong as well."""
    try:
        findings = check_objects(case["keys"], case["heads"], case["ledger"], ("keys", "heads", "ledger"))
    except NotAsSpecified as error:
        return f"{error}."
    return findings.wrong[0] if findings.wrong else None


def check_cases(path: Path) -> int:
    """The third way: prints a line for each ledger."""

    def a_case(found: object) -> dict[str, Any]:
        a_list = a_list_of(lambda item: item)
        return read_fields(found, {"case": a_text, "keys": a_list, "heads": a_list, "ledger": a_list})

    is_all_right = True
    for case in read_each(str(path), read_lines(path), a_case):
        fault = first_fault_of_case(case)
        print(f"{case['case']}: true" if fault is None else f"{case['case']}: false {fault}")
        is_all_right = is_all_right and fault is None
    return 0 if is_all_right else 1


def report(findings: Findings) -> int:
    """Prints what came out; returns how the program ends."""
    for sentence in findings.facts:
        print(sentence)
    for sentence in findings.notes:
        print(f"Note: {sentence}")
    for sentence in findings.wrong:
        print(f"Wrong: {sentence}")
    print(f"{len(findings.wrong)} things are wrong." if findings.wrong else "Everything that was checked holds.")
    return 1 if findings.wrong else 0


def main(arguments: list[str] | None = None) -> int:
    """Reads the command line, checks, and prints."""
    parser = argparse.ArgumentParser(description="Checks that a queue went first come, first served.")
    for name in ("keys", "heads", "ledger", "receipt", "cases"):
        parser.add_argument(f"--{name}", type=Path)
    given = parser.parse_args(arguments)
    names = {name for name, value in vars(given).items() if value is not None}
    try:
        if names == {"keys", "heads", "ledger"}:
            return report(check_ledger_files(given.keys, given.heads, given.ledger))
        if names in ({"keys", "receipt"}, {"keys", "receipt", "heads"}):
            return report(check_receipt_files(given.keys, given.receipt, given.heads))
        if names == {"cases"}:
            return check_cases(given.cases)
    except NotAsSpecified as error:
        print(f"Unusable: {error}.", file=sys.stderr)
        return 2
    parser.error("give --keys --heads --ledger, or --keys --receipt with or without --heads, or --cases")


if __name__ == "__main__":
    sys.exit(main())
