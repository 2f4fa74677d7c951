#!/usr/bin/env python3
"""Breaks the rules of the fold and of admission one at a time, and shows which tests notice.

Every mutant is one expression replaced by another. All of them go into one build of a copy of the package, each behind
a switch that an environment variable throws, so that trying one costs a run of the tests and no build.

    scripts/mutants.py                        copy, build, run all, print the table; exit 1 where one survives
    scripts/mutants.py --only 3 17            some of them
    scripts/mutants.py --apply DIR            put the switches into the package at DIR and stop
    scripts/mutants.py --binary FILE          run a test binary that was built with the switches
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SWITCH = "OPENHIVE_MUTANT"
TIMEOUT_S = 600
FOLD = "Sources/HiveSync/Fold/"
OWNERSHIP = FOLD + "Decisions/Ownership.swift"
ROSTER = FOLD + "Decisions/Roster.swift"
RIGHTS = FOLD + "Decisions/RosterChange.swift"
OUTCOME = FOLD + "Decisions/RosterDecision+Outcome.swift"
MODERATORS = FOLD + "Decisions/Moderators.swift"
BANS = FOLD + "Decisions/Registers+Bans.swift"
DECISIONS = FOLD + "Decisions/Decisions.swift"
SETTLING = FOLD + "Decisions/Fold+Settling.swift"
ROWS = FOLD + "Decisions/Fold+DecidedRows.swift"
REGISTER = FOLD + "Registers/ActRegister.swift"
ACT = FOLD + "Registers/Act.swift"
CONTENT = FOLD + "Content/"
RUN = "Sources/HiveSync/Admission/LogRun.swift"

# (file, text that occurs once, the expression in it where that is not all, what replaces it, the rule that is broken)
MUTANTS = [
    (OWNERSHIP, "place >= start else", "place >= start", "true",
     "a new owner's acts rank from its own acceptance on"),
    (OWNERSHIP, "return terms[index].end?.reaches(place) ?? true", "terms[index].end?.reaches(place) ?? true", "true",
     "an old owner's acts rank up to the pin"),
    (OWNERSHIP, "rank > 0 && terms[rank - 1].agent == agent", "terms[rank - 1].agent == agent", "true",
     "of the owner's instance only the agent named owns (moderators)"),
    (DECISIONS, "rank > 0 && ownerAgents[rank - 1] == agent", "ownerAgents[rank - 1] == agent", "true",
     "of the owner's instance only the agent named owns (the rest)"),
    (OWNERSHIP, "let chosen = byQuorum.min", "byQuorum", "byOwner.isEmpty ? byQuorum : []", "quorum before owner"),
    (OWNERSHIP, "crypto.sha256($0.text) < crypto.sha256($1.text)", None,
     "crypto.sha256($0.text) > crypto.sha256($1.text)", "among quorums the smaller hash of the signed text"),
    (OWNERSHIP, "claims.allSatisfy({ $0.text == first.text }) else", "claims.allSatisfy({ $0.text == first.text })",
     "true", "two transfers signed by one owner leave nobody as owner"),
    (OWNERSHIP, "signers.count >= quorum", "signers.count >= quorum", "signers.count >= 1",
     "a transfer takes a quorum of the successors"),
    (OWNERSHIP, "where keys.contains(cosignature.identityKey)", "keys.contains(cosignature.identityKey)", "true",
     "only successors sign for a quorum"),
    (REGISTER, "pending += acts[index].replaces", "acts[index].replaces", "[]", "replacing is transitive"),
    (REGISTER, "if firstRank != secondRank {", "firstRank != secondRank", "false",
     "between concurrent heads the higher owner rank"),
    (REGISTER, "if isFirst != isSecond {", "isFirst != isSecond", "false",
     "between concurrent heads what restricts"),
    (REGISTER, "if first.stamp.time != second.stamp.time {", "first.stamp.time != second.stamp.time", "false",
     "between concurrent heads the larger time"),
    (REGISTER, "return first.event > second.event", "first.event > second.event", "first.event < second.event",
     "between concurrent heads at one time the smaller id"),
    (REGISTER, "let valid = acts.indices.filter { isValid(acts[$0]) }", "isValid(acts[$0])", "true",
     "a void act replaces nothing and is no head"),
    (REGISTER, "indexes[original] == nil", "indexes[original] == nil", "true",
     "what stands is itself, and of several repeats the first counts"),
    (REGISTER, "original.carries(acts[index].origin.prefix)", "original.carries(acts[index].origin.prefix)", "true",
     "only its own instance repeats an event"),
    (ACT, "return held == fence.hash ? LogLimit(last: fence.place) : .nothing", "held == fence.hash", "true",
     "a fence with another hash is a fence of nothing"),
    (ACT, "last.map { place <= $0 } ?? false", "place <= $0", "place < $0", "acts at the fence count"),
    (ACT, "let isUnheld = unheld.map { $0 == (origin, fence.place) } ?? false",
     "unheld.map { $0 == (origin, fence.place) } ?? false", "false",
     "after a restart an awaited event is still noticed"),
    (ACT, "return named.contains { $0 != hash }", "named.contains { $0 != hash }", "false",
     "a fence in the future is read again when its place is filled"),
    (ROSTER, "decision.ownership.rank(of: act.origin, at: act.place) > 0", None, "true",
     "acts about the roster by whoever is no owner need a grant"),
    (ROSTER, "guard act.content.subject != act.origin, act.content.subject != decision.owner,", "act.content.subject != decision.owner", "true",
     "no owner's act about the present owner counts"),
    (ROSTER, "!decision.isAdmin(act.content.subject)", None, "true", "an admin instance removes no admin"),
    (ROSTER, "act.content.subject != decision.owner, act.content.addition?.role != .admin,",
     "act.content.addition?.role != .admin", "true", "an admin instance adds no admin"),
    (ROSTER, "return replaced.contains(index) || limit.reaches(act.place)",
     "replaced.contains(index) || limit.reaches(act.place)", "true",
     "a removed admin's acts count up to the fence"),
    (ROSTER, "register.acts[grant].content.addition?.role == .admin", None, "true",
     "an admin instance cites an addition as admin"),
    (ROSTER, "act.content.subject == act.origin, act.origin != decision.owner else", "act.origin != decision.owner",
     "true", "the owner can't leave"),
    (ROSTER, "if removesInvited, !isLeave {", "!isLeave", "true", "who leaves takes nobody along"),
    (ROSTER, "+ (uninvited[act.origin] ?? [])", "(uninvited[act.origin] ?? [])", "[]",
     "`invited` takes back what the removed instance let in"),
    (ROSTER, "if act.content.addition?.role == .member { pending.append", "act.content.addition?.role == .member",
     "true", "a read-only member lets nobody in"),
    (ROSTER, "guard admission == .members else", "admission == .members", "true",
     "the group's policy says whether members let others in"),
    (OUTCOME, "let candidates = heads.isEmpty ?", "heads.isEmpty",
     "heads.isEmpty || register.acts.contains { byMember.contains($0.event) }",
     "additions of owners and admins before plain members'"),
    (ROSTER, "if isFirstAdmin != isSecondAdmin {", "isFirstAdmin != isSecondAdmin", "false",
     "of several additions a role other than admin"),
    (OUTCOME, "guard !heads.contains(where: { $0.content.isRemoval }) else",
     "!heads.contains(where: { $0.content.isRemoval })", "!heads.allSatisfy({ $0.content.isRemoval })",
     "a removal beats every addition that does not replace it"),
    (RIGHTS, "reopens.map { place.epoch >= $0 } ?? false || limit.reaches(place)",
     "reopens.map { place.epoch >= $0 } ?? false", "false", "an addition that replaces the removal reopens"),
    (RIGHTS, "place.epoch >= $0 } ?? false", "place.epoch >= $0", "true", "older epochs stay fenced after a return"),
    (RIGHTS, "isStanding(place) && mayWrite(place)", "mayWrite(place)", "true", "a read-only log has no effect"),
    (MODERATORS, "guard act.content.change != .add(.admin), !isAdmin", "act.content.change != .add(.admin)", "true",
     "only the owner makes admins"),
    (MODERATORS, "!isAdmin(act.content.agent),", "!isAdmin(act.content.agent)", "true",
     "only the owner dismisses admins"),
    (MODERATORS, "among: byOwner, role: .admin)", ".admin", "nil", "only admins appoint, not moderators"),
    (MODERATORS, "!replaced.contains(index) else { return true }", "!replaced.contains(index)", "true",
     "a grant that replaces the dismissal holds"),
    (MODERATORS, "return act.content.limit.reaches(place)", "act.content.limit.reaches(place)", "true",
     "a dismissed moderator's acts count up to the fence"),
    (BANS, "guard act.content.agent != ownerAgent else", "act.content.agent != ownerAgent", "true",
     "nobody bans the owner's agent"),
    (BANS, "return isByOwner || !moderators.isModerator(act.content.agent)",
     "isByOwner || !moderators.isModerator(act.content.agent)", "true", "only the owner bans moderators"),
    (BANS, "!HiveSettings.isOwners(act.content.said.key)", None, "true", "some settings are the owner's"),
    (DECISIONS, "scope == .all || !limit.reaches(place)", "scope == .all || !limit.reaches(place)",
     "!limit.reaches(place)", "a ban of scope all hides everything"),
    (DECISIONS, "scope == .later && !limit.reaches(place)", "scope == .later && !limit.reaches(place)",
     "!limit.reaches(place)", "a ban of scope all rewrites nothing"),
    (DECISIONS, "if write.agent == author, !(bans[author]?.voids(write.stamp.place) ?? false) {",
     "!(bans[author]?.voids(write.stamp.place) ?? false)", "true",
     "edits and deletions beyond a ban's fence have no effect"),
    (DECISIONS, "counts($0, onContentOf: author) }.min {", "counts($0, onContentOf: author)", "true",
     "only author, moderators and owner delete"),
    (DECISIONS, "|| $0.kind == .unpin) && isModeration($0) }", "isModeration($0)", "true",
     "only moderators and the owner pin"),
    (SETTLING, "before.moderators.grounds(of: agent) != after.moderators.grounds(of: agent)", None, "false",
     "a changed grant changes what was done under it"),
    (SETTLING, "guard mayGrow, before.roster.rights.allSatisfy({ after.roster.rights[$0] == $1 }) else",
     "before.roster.rights.allSatisfy({ after.roster.rights[$0] == $1 })", "true",
     "a removal takes back what had been applied"),
    (SETTLING, "guard effect != after.bans[row] else", "effect != after.bans[row]", "false",
     "a ban hides what was there, an unban brings it back"),
    (ROWS, "guard change.agent.key == change.by.key, event", "change.agent.key == change.by.key", "true",
     "agents join and leave for themselves"),
    (ROWS, "agent.instance == origin }", "agent.instance == origin", "true", "R0: an agent acts in its own log"),
    (ROWS, "id.carries(origin.prefix) }", "id.carries(origin.prefix)", "true", "R0: ids carry the creator's prefix"),
    (CONTENT + "ContentFold.swift", "before.stamp.place <= creation.stamp.place {",
     "before.stamp.place <= creation.stamp.place", "false", "of two creations the first in the log counts"),
    (CONTENT + "ContentRow.swift", "stamp > titleStamp ?? created {", "stamp > titleStamp ?? created", "true",
     "the newest stamp wins each field"),
    (CONTENT + "VoteFold.swift", "guard vote.stamp > held.stamp else", "vote.stamp > held.stamp", "true",
     "a voter's newest vote counts"),
    (FOLD + "HiveSettings.swift", "return fixed.contains(key) ?", "fixed.contains(key)", "false",
     "what the genesis fixes stays"),
    (RUN, "guard header.time > before.time else", "header.time > before.time", "true",
     "clocks rise along a log"),
    (RUN, "untilMs > wall.ms ?", "untilMs > wall.ms", "false", "events ahead of the clock are held"),
    ("Sources/HiveSync/Admission/Admission.swift",
     "guard addition.instance == InstanceID(identityKey: addition.identityKey, hashing: crypto) else",
     "addition.instance == InstanceID(identityKey: addition.identityKey, hashing: crypto)", "true",
     "an instance id proves its key"),
]


def apply(package):
    """Puts every mutant into the sources at `package`, each behind its number."""
    for number, (file, context, expression, replacement, rule) in enumerate(MUTANTS, 1):
        path = package / file
        text = path.read_text()
        expression = expression or context
        if text.count(context) != 1 or context.count(expression) != 1:
            sys.exit(f"mutant {number} ({rule}): {file} has {context!r} {text.count(context)} times, not once")
        switch = f"(isMutant({number}) ? ({replacement}) : ({expression}))"
        path.write_text(text.replace(context, context.replace(expression, switch)))
    (package / "Sources/HiveSync/MutantSwitch.swift").write_text(
        "import Glibc\n\n"
        f'private let chosenMutant = getenv("{SWITCH}").flatMap {{ Int(String(cString: $0)) }} ?? 0\n\n'
        "func isMutant(_ number: Int) -> Bool { number == chosenMutant }\n"
    )


def build():
    """Builds a copy of the package with all mutants; the folder and the test binary in it."""
    copy = Path(tempfile.mkdtemp(prefix="mutants-"))
    for name in ("Package.swift", "Package.resolved", "Sources", "Tests", "Benchmarks", "docs"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name)
        elif source.exists():
            shutil.copy(source, copy / name)
    apply(copy)
    subprocess.run(["swift", "build", "--build-tests"], cwd=copy, check=True)
    return copy, next((copy / ".build/debug").glob("*.xctest"))


def run(binary, number, filters):
    """The titles of the tests that fail with a mutant; with none, those that fail anyway."""
    command = [str(binary), "--testing-library", "swift-testing"]
    for pattern in filters:
        command += ["--filter", pattern]
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=dict(os.environ, **{SWITCH: str(number)}),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT_S,
        )
    except subprocess.TimeoutExpired:
        return ["(does not end)"]
    output = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    failed = []
    for title in re.findall(r'Test "([^"\n]+)"[^\n]* failed after', output):
        if title not in failed:
            failed.append(title)
    if done.returncode != 0 and not failed:
        failed.append(f"(ends with {done.returncode})")
    return sorted(failed)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--apply", type=Path, metavar="DIR")
    parser.add_argument("--binary", type=Path, metavar="FILE")
    parser.add_argument("--only", type=int, nargs="+", metavar="N")
    parser.add_argument("--filter", nargs="+", default=["HiveSyncTests"])
    options = parser.parse_args()
    if options.apply:
        apply(options.apply)
        return
    copy = None
    binary = options.binary
    if binary is None:
        copy, binary = build()
    already = run(binary, 0, options.filter)
    if already:
        sys.exit("without any mutant these fail: " + "; ".join(already))
    print("| | rule that is broken | caught by | first of them |\n|---|---|---|---|")
    survivors = 0
    for number, mutant in enumerate(MUTANTS, 1):
        if options.only and number not in options.only:
            continue
        caught = run(binary, number, options.filter)
        survivors += not caught
        first = next((title for title in caught if not title.startswith("Random histories")), caught[0] if caught else "")
        print(f"| {number} | {mutant[4]} | {len(caught) or 'nothing'} | {first} |", flush=True)
    if copy:
        shutil.rmtree(copy)
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main()
