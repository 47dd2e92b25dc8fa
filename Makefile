# The few verbs a person needs. What they do stands in infra/local and in each crate; nothing is hidden here.
.DEFAULT_GOAL := help
.PHONY: help run test demo bench check fmt docs clean-data soak setup servers stop test-one generate browser

PYTHON       ?= python3
LOCAL        := $(PYTHON) infra/local
PHASE        := $(LOCAL)/phase.py
WITH_SERVERS := $(LOCAL)/with_servers.py --
CARGO_TEST   := $(shell command -v cargo-nextest >/dev/null 2>&1 && echo nextest run || echo test)

VERIFIER     := services/open-hiring/verifier

# What is tested is built by clippy's compiler, warnings being errors: our own code is compiled once for both. It is rustc
# with more lints; with `cargo clippy` before it all of the code and its libraries would be gone through twice. The odd word
# is how arguments come to it, as from `cargo clippy` itself.
LINTED       := env RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__

# The tests of the binary have built it; the journeys in a browser use that build.
BUILT        := $(or $(CARGO_TARGET_DIR),target)/debug/dichterbij

help: ## This list
	@awk -F ':.*## ' '/^# --/ { print "" } /^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Everything on this machine: servers, services, demo region; Ctrl-C stops it; APART=1: in two replicas each
	@$(LOCAL)/run.py

test: ## All that must hold before a change goes in
	@$(PHASE) "Formatting" -- cargo fmt --all --check
	@$(PHASE) "Rules of the repository" -- $(LOCAL)/checks.py
	@$(PHASE) "Scripts of infra/local" -- $(PYTHON) -m unittest discover --start-directory infra/local
	@$(PHASE) "Independent verifier of queues" -- $(PYTHON) -m unittest discover --start-directory $(VERIFIER)
	@$(PHASE) "Build and clippy, warnings are errors" -- $(LINTED) cargo $(CARGO_TEST) --locked --workspace --all-targets --no-run
	@$(PHASE) "Tests on real servers" -- $(LINTED) $(WITH_SERVERS) cargo $(CARGO_TEST) --locked --workspace --all-targets
	@$(PHASE) "Deployment files" -- env DBJ_BIN=$(BUILT) $(PYTHON) -m unittest discover --start-directory infra/checks
	@$(PHASE) "Journeys in a browser" -- env DBJ_BIN=$(BUILT) $(LOCAL)/browser.py

demo: ## Fill the running platform with the demo region, once; print its sign-ins
	@$(LOCAL)/run.py -- demo --show-logins

bench: ## One benchmark against its baseline: make bench BENCH=first-match
	@$(PHASE) "Benchmark $(BENCH)" -- $(LOCAL)/with_servers.py --as-installed -- cargo run --locked --release --no-default-features -p dichterbij-tests --bin bench -- $(BENCH)

check: ## Quick: formatting, rules of the repository, clippy
	@$(PHASE) "Formatting" -- cargo fmt --all --check
	@$(PHASE) "Rules of the repository" -- $(LOCAL)/checks.py
	@$(PHASE) "Clippy, warnings are errors" -- cargo clippy --locked --workspace --all-targets -- -D warnings

fmt: ## Format all Rust code
	cargo fmt --all

docs: ## Documentation of every crate, in target/doc
	cargo doc --locked --workspace --no-deps

clean-data: ## Start over: throw the local databases, streams, keys and logs away
	@$(LOCAL)/clean_data.py

soak: ## Everything that can break breaks, at random: make soak FOR=10m
	@$(PHASE) "The program with crash points" -- cargo build --locked -p dichterbij-tests --bin dichterbij-with-faults
	@$(PHASE) "Soak for $(or $(FOR),10m)" -- $(WITH_SERVERS) cargo run --locked -p dichterbij-tests --bin soak -- --for $(or $(FOR),10m)

# -- finer -------------------------------------------------------------------------------------------------------

setup: ## What a bare machine lacks, into .local: servers, reference data, web assets
	@$(LOCAL)/prepare.py

servers: ## PostgreSQL and NATS alone, until `make stop`
	@$(LOCAL)/servers.py start

stop: ## Stop what `make servers` started
	@$(LOCAL)/servers.py stop

test-one: ## The tests whose name contains N: make test-one N=ticket
	@$(LINTED) $(WITH_SERVERS) cargo $(CARGO_TEST) --locked --workspace --all-targets $(N)

generate: ## Write schemas/ anew from the Rust types
	cargo run --locked -p dichterbij -- schemas --dir schemas

browser: ## Only the journeys in a headless browser
	@$(PHASE) "Journeys in a browser" -- $(LOCAL)/browser.py
