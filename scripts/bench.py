#!/usr/bin/env python3
"""Measures the release build over loopback and prints each figure beside its yardstick from the same run.

Run through `make bench`. Needs `wrk` (Debian package) for the figures with many clients. Everything runs in a
temporary folder; nothing of the user's data is touched.

    python3 scripts/bench.py [--events N] [--only NAME[,NAME...]] [--keep]
"""
import argparse
import gzip
import http.client
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPENHIVE = ROOT / ".build/release/openhive"
HIVE_BENCH = ROOT / ".build/release/hive-bench"
SAMPLE = ROOT / "Sources/openhive/Resources/stories.json.gz"
ENVIRONMENT = dict(os.environ, OPENHIVE_RATE_LIMIT_ENABLED="false", OPENHIVE_LOG_LEVEL="warning")


class Instance:
    """One `openhive serve` of the release build with its own data directory."""

    def __init__(self, folder, name):
        self.folder = folder / name
        self.log = open(folder / f"{name}.log", "ab")
        self.name = name
        self.process = None
        if not self.folder.exists():
            command(self.folder, "init", "--name", name, "--yes")

    def start(self):
        self.process = subprocess.Popen(
            [OPENHIVE, "serve", "--data-dir", self.folder, "--port", "0", "--sync"],
            stdout=self.log, stderr=self.log, env=ENVIRONMENT)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                self.run = json.loads((self.folder / "run.json").read_text())
                address = self.run["address"].split("//")[-1]
                self.host, port = address.rsplit(":", 1)
                self.port = int(port)
                if self.call("GET", "/health")[0] == 200:
                    return self
            except (OSError, ValueError, KeyError):
                if self.process.poll() is not None:
                    break
            time.sleep(0.05)
        sys.exit(f"{self.name} did not start; see {self.log.name}")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)

    def connect(self):
        return http.client.HTTPConnection(self.host, self.port, timeout=60)

    def call(self, method, path, body=None, key=None, connection=None):
        connection = connection or self.connect()
        headers = {"Content-Type": "application/json"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        else:
            headers["X-Admin-Key"] = self.run["admin_token"]
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        reply = connection.getresponse()
        data = reply.read()
        return reply.status, json.loads(data) if data[:1] in (b"{", b"[") else data

    def agent(self, name):
        status, reply = self.call("POST", "/api/v1/agents/register", {"name": name})
        if status != 201:
            sys.exit(f"register: {status} {reply}")
        return reply["api_key"]

    def memory_mib(self, field):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith(field):
                return int(line.split()[1]) / 1024
        return 0.0


def command(folder, *arguments):
    done = subprocess.run([OPENHIVE, *arguments, "--data-dir", folder, "--json"], env=ENVIRONMENT,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"openhive {' '.join(arguments)}: {done.stderr or done.stdout}")
    return json.loads(done.stdout) if done.stdout.strip() else {}


def hive_bench(*arguments):
    done = subprocess.run([HIVE_BENCH, *arguments], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
    if done.returncode != 0:
        sys.exit(f"hive-bench {' '.join(map(str, arguments))} failed")
    return json.loads(done.stdout)


def stories(folder):
    """The shipped sample, unpacked."""
    path = folder / "stories.json"
    path.write_bytes(gzip.decompress(SAMPLE.read_bytes()))
    return path


def say(name, figure, note=""):
    print(f"{name:<44} {figure:>22}   {note}", flush=True)


def group_of(instance, hive):
    for group in instance.call("GET", "/api/v1/sync/groups")[1]["data"]:
        if group["hive_name"] == hive:
            return group
    return None


def share_and_join(a, b, hive):
    """Makes `hive` of A joinable and joins it from B. Returns the time of the join call."""
    a.call("POST", "/api/v1/sync/groups", {"hive_name": hive})
    status, invite = a.call("POST", "/api/v1/sync/invites", {"hive_name": hive})
    if status != 201:
        sys.exit(f"invite: {status} {invite}")
    start = time.monotonic()
    status, reply = b.call("POST", "/api/v1/sync/groups/join", {"invite": invite["invite"]})
    if status not in (200, 201, 202):
        sys.exit(f"join: {status} {reply}")
    return start


def wait(condition, seconds, what, pause=0.02):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(pause)
    sys.exit(f"gave up waiting for {what}")


def backfill(folder, events):
    generated = hive_bench("generate", folder / "a", "bench", stories(folder), str(events))
    a, b = Instance(folder, "a").start(), Instance(folder, "b").start()
    try:
        start = share_and_join(a, b, "bench")
        total = group_of(a, "bench")["local_seq"]
        wait(lambda: (group_of(b, "bench") or {}).get("local_seq", 0) >= total, 300, "backfill", 0.05)
        readable = time.monotonic() - start
        word = generated["last_word"]
        wait(lambda: b.call("GET", f"/api/v1/search?q={word}&type=posts")[1]["total"]["posts"] > 0, 300, "search", 0.1)
        searchable = time.monotonic() - start
        memory = b.memory_mib("VmHWM")
        wait(lambda: group_of(a, "bench")["heads_digest"] == group_of(b, "bench")["heads_digest"], 60, "equal heads")
        equal = group_of(a, "bench")["state_root"] == group_of(b, "bench")["state_root"]
        raw = hive_bench("raw-inserts", b.folder / "data/openhive.db", folder / "raw.db")
        rate, pace = total / readable, raw["rows"] / raw["seconds"]
        say(f"backfill of {total} events, readable", f"{rate:,.0f} events/s",
            f"aim 35,000, at least 25,000; {rate / pace:.2f} of raw inserts ({pace:,.0f} rows/s)")
        say("backfill, searchable as well", f"{total / searchable:,.0f} events/s", "aim 25,000, at least 15,000")
        say("resident memory of B, peak", f"{memory:,.0f} MiB", "under 150 MiB")
        say("state roots equal", str(equal))
        size = sum(f.stat().st_size for f in (b.folder / "data").glob("openhive.db*"))
        say("database bytes an event", f"{size / total:,.0f} B")
        push(a, b)
    finally:
        a.stop()
        b.stop()


def push(a, b, samples=400):
    key = a.agent("pusher")
    to_a, to_b = a.connect(), b.connect()
    times = []
    for number in range(samples):
        post = a.call("POST", "/api/v1/posts", {"hive": "bench", "title": f"push {number}", "content": "x"}, key, to_a)[1]
        start = time.monotonic()
        path = f"/api/v1/posts/{post['id']}"
        while b.call("GET", path, None, None, to_b)[0] != 200:
            if time.monotonic() - start > 10:
                sys.exit("push: a post did not arrive within 10 s")
        times.append((time.monotonic() - start) * 1000)
        time.sleep(0.01)
    times.sort()
    say("push, post on A to readable on B, p50 / p99",
        f"{statistics.median(times):.1f} / {times[int(len(times) * 0.99)]:.1f} ms", "under 15 / 60 ms")


def wrk(script, url, connections, seconds=10):
    done = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", script, url],
                          stdout=subprocess.PIPE, text=True)
    rate = errors = 0.0
    latency = ""
    for line in done.stdout.splitlines():
        if "Requests/sec" in line:
            rate = float(line.split()[1])
        if line.strip().startswith("99%"):
            latency = line.split()[1]
        if "Non-2xx" in line:
            errors = float(line.split()[-1])
    return rate, latency, errors


def posts(folder):
    a = Instance(folder, "posts").start()
    try:
        key = a.agent("writer")
        a.call("POST", "/api/v1/hives", {"name": "load"}, key)
        script = folder / "post.lua"
        script.write_text(
            'local n = 0\nwrk.method = "POST"\n'
            f'wrk.headers["Authorization"] = "Bearer {key}"\nwrk.headers["Content-Type"] = "application/json"\n'
            'request = function()\n  n = n + 1\n'
            '  local body = \'{"hive":"load","title":"Post number \' .. n .. \'","content":"\' '
            '.. string.rep("words of a post ", 20) .. \'"}\'\n'
            '  return wrk.format(nil, "/api/v1/posts", nil, body)\nend\n')
        rate, latency, errors = wrk(script, f"http://{a.host}:{a.port}", 32)
        sync = hive_bench("fsync", folder)
        say("POST /posts, 32 clients", f"{rate:,.0f} /s",
            f"p99 {latency}, {errors:.0f} errors; aim 4,000, at least 2,500; fsync {sync['extending_ms']:.2f} ms extending, "
            f"{sync['overwriting_ms']:.2f} ms within a file")
    finally:
        a.stop()
    seam = hive_bench("commits", folder / "seam", "32", "20000")
    say("storage seam, 32 submitters", f"{seam['per_second']:,.0f} commits/s",
        f"p99 {seam['p99_ms']:.1f} ms; aim 10,000")


def feed(folder):
    a_folder = folder / "feed"
    hive_bench("generate-posts", a_folder, "bench", stories(folder), "100000")
    a = Instance(folder, "feed").start()
    try:
        script = folder / "get.lua"
        script.write_text(f'wrk.headers["X-Admin-Key"] = "{a.run["admin_token"]}"\n')
        for sort in ("new", "hot"):
            url = f"http://{a.host}:{a.port}/api/v1/hives/bench/feed?limit=25&sort={sort}"
            rate, latency, errors = wrk(script, url, 32)
            say(f"GET /hives/:name/feed, 25 of 100,000, {sort}", f"{rate:,.0f} /s",
                f"p99 {latency}, {errors:.0f} errors; aim 3,000")
    finally:
        a.stop()


def idle(folder):
    a = Instance(folder, "idle").start()
    try:
        time.sleep(5)
        say("idle instance, resident", f"{a.memory_mib('VmRSS'):,.0f} MiB", "under 60 MiB")
    finally:
        a.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--only", default="yardsticks,idle,backfill,posts,feed")
    parser.add_argument("--keep", action="store_true", help="keep the temporary folder")
    options = parser.parse_args()
    for tool in (OPENHIVE, HIVE_BENCH):
        if not tool.exists():
            sys.exit(f"{tool} is missing: run this through `make bench`")
    if not shutil.which("wrk"):
        sys.exit("wrk is missing: sudo apt-get install -y wrk")
    folder = Path(tempfile.mkdtemp(prefix="openhive-bench-"))
    try:
        for name in options.only.split(","):
            if name == "yardsticks":
                keys = hive_bench("ed25519")
                say("yardstick: Ed25519 on one core", f"{keys['verifies']:,.0f} verifies/s", f"{keys['signs']:,.0f} signs/s")
            elif name == "backfill":
                backfill(folder, options.events)
            else:
                {"posts": posts, "feed": feed, "idle": idle}[name](folder)
    finally:
        if options.keep:
            print(f"kept {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
