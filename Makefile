# OpenHive. `make demo` shows three instances keeping one hive in sync; `make test` runs all tests.

SHELL := /bin/bash
SWIFT ?= swift
RELEASE := .build/release/openhive

.PHONY: help deps build release demo run test check format vectors bench soak sim clean

help: ## what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

deps: ## install the system packages that are missing (Debian, Ubuntu)
	@scripts/install-deps.sh

build: deps ## debug build of everything
	$(SWIFT) build

release: deps ## release build of the command
	$(SWIFT) build -c release --product openhive

demo: release ## three instances, one hive: import, invite, sync, stop one, kill one, a chain becomes a mesh, compare
	$(RELEASE) demo

run: release ## one instance on http://127.0.0.1:3000
	@$(RELEASE) init --yes --if-needed
	$(RELEASE) serve

test: deps ## all tests
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build

check: ## format, as CI checks it
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks

format: ## rewrite the sources in the project's format
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks

vectors: ## recompute hashes and signatures of docs/vectors with an independent implementation (Python)
	@scripts/check-vectors.sh

bench: deps ## the figures of docs/benchmarks.md, with their yardsticks from the same run
	$(SWIFT) build -c release --product openhive
	$(SWIFT) build -c release --product hive-bench
	python3 scripts/bench.py

soak: deps ## the property tests, many times over
	$(SWIFT) build --build-tests
	OPENHIVE_SOAK=50 $(SWIFT) test --skip-build

sim: ## simulated clusters for a minute, seeds from the clock
	$(SWIFT) build -c release --product hive-sim
	.build/release/hive-sim --minutes 1 --from $$(date +%s)000 --commit $$(git rev-parse --short HEAD)

clean: ## remove what was built and the demo's data
	rm -rf .build demo-data
