#!/usr/bin/env python3
"""Recomputes docs/vectors with other libraries: PyPI's rfc8785 and cryptography, and Python's own json and hashlib.

Exits 1 and names every difference. Reads nothing but docs/vectors.
"""

import base64
import hashlib
import hmac
import json
import re
import sys
from pathlib import Path

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

VECTORS = Path(__file__).resolve().parent.parent / "docs" / "vectors"
UNHASHED = ("id", "payload", "signature")
LIMITS = {
    "epoch": (1, 2**32 - 1),
    "origin_seq": (1, 2**48 - 1),
    "origin_ts": (0, 2**48 - 1),
    "origin_lc": (0, 65535),
}


class Malformed(Exception):
    pass


def require(condition, sentence):
    if not condition:
        raise Malformed(sentence)


def sha256(data):
    return hashlib.sha256(data).digest()


def identifier(digest, length=26):
    return base64.b32encode(digest).decode().lower()[:length]


def unique_members(pairs):
    members = dict(pairs)
    require(len(members) == len(pairs), "a member twice")
    return members


def whole_number(text):
    require(text != "-0", "-0")
    return int(text)


def read(text):
    """JSON with what json.loads is lenient about refused; fractions stay floats."""
    value = json.loads(text, object_pairs_hook=unique_members, parse_int=whole_number)
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Malformed("half a surrogate pair") from None
    return value


def has_float(value):
    if isinstance(value, dict):
        return any(has_float(member) for member in value.values())
    if isinstance(value, list):
        return any(has_float(element) for element in value)
    return isinstance(value, float)


def is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def check_refs(refs):
    require(isinstance(refs, dict), "refs is no object")
    named = [refs[key] for key in ("auth", "re") if key in refs]
    if "par" in refs:
        require(isinstance(refs["par"], list) and 1 <= len(refs["par"]) <= 16, "par holds 1 to 16 ids")
        named += refs["par"]
    for event_id in named:
        is_id = isinstance(event_id, str) and re.fullmatch("[a-z2-7]{16}_evt_[a-z2-7]{26}", event_id)
        require(is_id, "refs names no event")


def check_form(event):
    for key in ("id", "group_id", "origin_instance_id", "prev", "event_type", "payload_hash", "signature"):
        require(isinstance(event.get(key), str), f"{key} is no text")
    for key, (least, most) in LIMITS.items():
        require(is_integer(event.get(key)) and least <= event[key] <= most, f"{key} is out of range")
    require(re.fullmatch("inst_[a-z2-7]{26}", event["origin_instance_id"]), "no instance id")
    require((event["prev"] == "") == (event["origin_seq"] == 1), "prev is empty in the first place only")
    require(1 <= len(event["event_type"].encode()) <= 64, "event_type has 1 to 64 bytes")
    require(isinstance(event.get("payload"), dict), "payload is no object")
    check_refs(event.get("refs"))
    if "at" in event:
        at = event["at"]
        require(isinstance(at, list) and len(at) == 2 and all(map(is_integer, at)), "at is no pair")
        require(at <= [event["origin_ts"], event["origin_lc"]], "at is later than the event")
    header = {key: value for key, value in event.items() if key != "payload"}
    require(not has_float(header), "a fraction or exponent in the header")
    for key, value in event["payload"].items():
        is_value = event["event_type"] == "hive_setting_changed" and key == "value"
        require(is_value or not has_float(value), "a fraction in the payload")


def is_genesis(event):
    return event["event_type"] == "group_created" and (event["epoch"], event["origin_seq"]) == (1, 1)


def canonical_header(event):
    header = {key: value for key, value in event.items() if key not in UNHASHED}
    if is_genesis(event):
        header["group_id"] = ""
    return rfc8785.dumps(header)


def classify(text, group_id):
    """(code, event): what a receiver says of an event's text."""
    try:
        event = read(text)
    except Malformed:
        return "malformed", None
    except ValueError:
        return "notJSON", None
    version = event.get("v")
    if is_integer(version) and version != 1:
        return "upgradeNeeded", None
    try:
        require(is_integer(version), "no version")
        check_form(event)
    except Malformed:
        return "malformed", None
    if event["group_id"] != group_id:
        return "wrongGroup", None
    digest = sha256(canonical_header(event))
    prefix = event["origin_instance_id"][5:21]
    if event["payload_hash"] != sha256(rfc8785.dumps(event["payload"])).hex():
        return "altered", None
    if event["id"] != f"{prefix}_evt_{identifier(digest)}":
        return "altered", None
    if is_genesis(event) and group_id != f"sg_{identifier(digest)}":
        return "altered", None
    return "ok", event


def stamp(event):
    ts, lc = event.get("at", [event["origin_ts"], event["origin_lc"]])
    bits = 0
    for character in event["origin_instance_id"][5:21]:
        bits = bits << 5 | "234567abcdefghijklmnopqrstuvwxyz".index(character)
    parts = ((ts, 6), (lc, 2), (bits, 10), (event["epoch"], 4), (event["origin_seq"], 6))
    return b"".join(number.to_bytes(size, "big") for number, size in parts).hex()


def is_signed(key, signature, message):
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(base64.b64decode(signature), message)
        return True
    except InvalidSignature:
        return False


class Report:
    def __init__(self):
        self.checks = 0
        self.faults = []

    def equal(self, name, found, expected):
        self.checks += 1
        if found != expected:
            self.faults.append(f"{name}: computed {found!r}, the vector says {expected!r}")

    def true(self, name, condition):
        self.equal(name, bool(condition), True)


def check_canonical(report):
    for path in sorted((VECTORS / "rfc8785" / "input").glob("*.json")):
        expected = (VECTORS / "rfc8785" / "output" / path.name).read_bytes()
        hexadecimal = (VECTORS / "rfc8785" / "outhex" / f"{path.stem}.txt").read_text()
        report.equal(f"rfc8785 {path.name}", rfc8785.dumps(json.loads(path.read_bytes())), expected)
        report.equal(f"rfc8785 {path.name} in hex", bytes.fromhex(hexadecimal), expected)


def check_instances(report, vectors):
    for instance in vectors["instances"]:
        key = base64.b64decode(instance["identity_key"])
        private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(instance["identity_seed"]))
        encoding = serialization.Encoding.Raw, serialization.PublicFormat.Raw
        report.equal("identity_key", private.public_key().public_bytes(*encoding), key)
        expected = "inst_" + identifier(sha256(b"openhive-instance-v1" + key))
        report.equal("instance_id", expected, instance["instance_id"])


def certificate_text(event):
    payload = event["payload"]
    closed = {} if is_genesis(event) else payload["closed"]
    lines = [
        "openhive-log-v1",
        "" if is_genesis(event) else event["group_id"],
        event["origin_instance_id"],
        str(event["epoch"]),
        payload["signing_key"],
        sha256(rfc8785.dumps(closed)).hex(),
    ]
    return "\n".join(lines)


def check_transfer(report, name, event, vector, owner_key):
    """A transfer's signed text and who signed it: the old owner, or the successors."""
    payload = event["payload"]
    statement = {key: value for key, value in payload.items() if key not in ("signature", "cosigs")}
    text = f"openhive-owner-v1\n{event['group_id']}\n".encode() + rfc8785.dumps(statement)
    report.equal(f"{name}: signed text", text.decode(), vector["owner_text"])
    report.true(f"{name}: signature or cosigs", ("signature" in payload) != ("cosigs" in payload))
    by_owner = [{"identity_key": owner_key, "signature": payload.get("signature")}]
    for signed in payload.get("cosigs", by_owner):
        key, signature = signed["identity_key"], signed["signature"]
        report.true(f"{name}: signed text's signature", is_signed(key, signature, text))
        report.true(f"{name}: signature of another text", not is_signed(key, signature, text + b"0"))


def check_events(report, vectors):
    identities = {instance["instance_id"]: instance["identity_key"] for instance in vectors["instances"]}
    log_keys, last_hash = {}, {}
    for vector in vectors["events"]:
        name = vector["about"]
        code, event = classify(vector["wire"], vectors["group_id"])
        report.equal(name, code, "ok")
        if event is None:
            continue
        header = canonical_header(event)
        report.equal(f"{name}: header", header.decode(), vector["canonical_header"])
        report.equal(f"{name}: hash", sha256(header).hex(), vector["hash"])
        report.equal(f"{name}: id", event["id"], vector["id"])
        report.equal(f"{name}: stamp", stamp(event), vector["stamp"])
        log = event["origin_instance_id"], event["epoch"]
        report.equal(f"{name}: prev", event["prev"], last_hash.get(log, ""))
        last_hash[log] = vector["hash"]
        if event["origin_seq"] == 1:
            log_keys[log] = event["payload"]["signing_key"]
            text = certificate_text(event)
            report.equal(f"{name}: certificate", text, vector["certificate_text"])
            certificate = event["payload"]["key_cert"]
            report.true(f"{name}: certificate's signature", is_signed(identities[log[0]], certificate, text.encode()))
        if event["event_type"] == "owner_changed":
            check_transfer(report, name, event, vector, vectors["instances"][0]["identity_key"])
        report.equal(f"{name}: signing key", log_keys[log], vector["signing_key"])
        message = f"openhive-event-v1\n{vector['hash']}".encode()
        report.true(f"{name}: signature", is_signed(log_keys[log], event["signature"], message))
        report.true(f"{name}: signature of another hash", not is_signed(log_keys[log], event["signature"], message + b"0"))


def check_other_texts(report, vectors):
    for vector in vectors["equivalent"]:
        code, event = classify(vector["wire"], vectors["group_id"])
        report.equal(vector["about"], code, "ok")
        if event is not None:
            report.equal(f"{vector['about']}: hash", sha256(canonical_header(event)).hex(), vector["hash"])
    for vector in vectors["refused"]:
        code, _ = classify(vector["wire"], vectors["group_id"])
        report.equal(f"refused, {vector['about']}", code, vector["code"])


def check_messages(report, vectors):
    for vector in vectors["signed"]:
        name, text = vector["about"], vector["text"].encode()
        mark, body = text.split(b"\n", 1)
        report.true(f"{name}: mark", re.fullmatch(rb"openhive-[a-z]+-v1", mark))
        statement = read(body.decode())
        report.equal(f"{name}: canonical", rfc8785.dumps(statement), body)
        unsigned = {key: value for key, value in vector["wire"].items() if key != "signature"}
        report.true(f"{name}: what is sent is what is signed", unsigned in [statement, *statement.values()])
        report.equal(f"{name}: signature on the wire", vector["wire"]["signature"], vector["signature"])
        report.true(f"{name}: signature", is_signed(vector["key"], vector["signature"], text))
        report.true(f"{name}: signature of another text", not is_signed(vector["key"], vector["signature"], text + b"0"))
    for vector in vectors["authenticated"]:
        key = sha256(bytes.fromhex(vector["secret"]))
        code = hmac.new(key, vector["text"].encode(), hashlib.sha256).digest()
        report.equal(f"{vector['about']}: code", base64.b64encode(code).decode(), vector["mac"])
    request = vectors["authenticated"][-1]
    scheme, parts = request["authorization"].split(" ")
    _, time, nonce, code = parts.split(":")
    lines = ["openhive-request-v1", "GET", request["path"], sha256(b"").hex(), time, nonce]
    report.equal("request: scheme", scheme, "HiveHMAC")
    report.equal("request: text", "\n".join(lines), request["text"])
    report.equal("request: code", base64.urlsafe_b64decode(code + "="), base64.b64decode(request["mac"]))


def main():
    report = Report()
    vectors = json.loads((VECTORS / "events.json").read_text())
    check_canonical(report)
    check_instances(report, vectors)
    check_events(report, vectors)
    check_other_texts(report, vectors)
    check_messages(report, json.loads((VECTORS / "messages.json").read_text()))
    for fault in report.faults:
        print(fault, file=sys.stderr)
    print(f"{report.checks} checks of docs/vectors, {len(report.faults)} differences")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
