#!/usr/bin/env python3
"""Chooses the sample stories that ship with `openhive demo`.

Usage: scripts/make-sample.py COLLECTION.json [OUT.json.gz]

COLLECTION.json is a file of the public collection `massanishi/hackernews-post-datasets` (items of the Hacker News
API). The choice is deterministic: live stories with a title, ordered by the SHA-256 of their id, the first 500. Author
names are replaced by invented ones; ids, times, titles, addresses, texts and scores are kept, everything else is left
out. The same input gives the same bytes.
"""

import gzip
import hashlib
import json
import sys

COUNT = 500
TEXT_MAX = 1500

ADJECTIVES = (
    "amber bold brisk calm civic clear cobalt copper coral crisp dapper deft eager early fabled fair fleet gentle "
    "glad golden hardy hazel honest humble indigo jolly keen kind lively lucid lunar merry"
).split()
NOUNS = (
    "badger beacon birch bison cedar comet crane dahlia drake ember falcon fern finch fjord gecko glacier harbor heron "
    "ibis jay juniper kestrel lark lynx maple marten nectar oriole otter puffin quartz raven"
).split()


def invented_name(index):
    """The name that stands for the index-th author: 1,024 pairs, then numbered ones."""
    mixed = index * 389 % (len(ADJECTIVES) * len(NOUNS))
    pair = f"{ADJECTIVES[mixed // len(NOUNS)]}-{NOUNS[mixed % len(NOUNS)]}"
    lap = index // (len(ADJECTIVES) * len(NOUNS))
    return pair if lap == 0 else f"{pair}-{lap + 1}"


def is_wanted(item):
    return (
        item.get("type") == "story"
        and not item.get("dead")
        and not item.get("deleted")
        and item.get("title")
        and item.get("by")
        and len(item.get("text") or "") <= TEXT_MAX
    )


def main():
    source = sys.argv[1]
    target = sys.argv[2] if len(sys.argv) > 2 else "Sources/openhive/Resources/stories.json.gz"
    with open(source, encoding="utf-8") as file:
        items = [item for item in json.load(file) if is_wanted(item)]
    items.sort(key=lambda item: hashlib.sha256(str(item["id"]).encode()).digest())
    chosen = sorted(items[:COUNT], key=lambda item: item["id"])
    names = {}
    stories = []
    for item in chosen:
        story = {"by": names.setdefault(item["by"], invented_name(len(names)))}
        for key in ("id", "score", "text", "time", "title", "type", "url"):
            if key in item:
                story[key] = item[key]
        stories.append(story)
    text = json.dumps(stories, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"
    with open(target, "wb") as file:
        file.write(gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0))
    votes = sum(max(0, min(story.get("score", 0), 200)) for story in stories)
    print(f"{len(stories)} stories, {len(names)} authors, {votes} votes with --votes, {target}")


if __name__ == "__main__":
    main()
