# What people type here. `make` alone says what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
GO ?= go
DATA ?= data
HTTP ?= 127.0.0.1:8080
NATS ?= 127.0.0.1:4222
EMPTY ?=
JOURNAL ?= scenarios/journal

.PHONY: help
help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  DATA=$(DATA) HTTP=$(HTTP) NATS=$(NATS)   where make run keeps its data and listens"
	@echo "  EMPTY=1                               make run without the sample contacts"
	@echo "  SIMULATED=2021-01-01                  make up with a clock that can be moved"

.PHONY: build
build: ## bin/gallra
	@CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w" -o bin/gallra ./services/gallra

.PHONY: run
run: postgresql build ## Everything on this machine, with a page; Ctrl-C ends it
	@bin/gallra up --data $(DATA) --http $(HTTP) --nats $(NATS) --sample docs/examples/week.jsonl $(if $(EMPTY),--empty)

# Tests make and delete databases by the thousand. Where there is room they do so in memory: what they kill is never the machine.
ROOM = $(shell [ "$$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt 8000000 ] 2>/dev/null && ! findmnt -no OPTIONS /dev/shm | grep -qw noexec && echo /dev/shm)
# FAULTS makes the points live at which a process is killed: in builds for tests, and in no other.
FAULTS = -tags faults
.PHONY: test
test: postgresql ## Every test of every module
	@place=$$(mktemp -d -p "$(or $(ROOM),$(TMPDIR),/tmp)" gallra-test-XXXXXX) && chmod 755 $$place && trap "rm -rf $$place" EXIT \
		&& TMPDIR=$$place $(GO) test $(FAULTS) -timeout 20m work

# axe-core looks at the pages in the browser tests; it is fetched by npm and kept beside the project's own files.
AXE = axe-core-4.14.1
AXE_SHA256 = e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745
.PHONY: axe
axe: .cache/axe/package/axe.min.js ## What the browser tests look for barriers with

.cache/axe/package/axe.min.js:
	@mkdir -p .cache/axe && cd .cache/axe && npm pack --silent $(subst core-,core@,$(AXE)) >/dev/null \
		&& echo "$(AXE_SHA256)  $(AXE).tgz" | sha256sum --check --quiet && tar -xzf $(AXE).tgz

.PHONY: screenshots
screenshots: postgresql axe ## docs/screenshots, from an officer's day in a browser
	@mkdir -p docs/screenshots && GALLRA_SCREENSHOTS=$(CURDIR)/docs/screenshots $(GO) test -count=1 -timeout 10m -run TestOfficersWorkInABrowser ./services/gallra/acceptance

.PHONY: lint
lint: ## Formatting and vet
	@unformatted=$$(gofmt -l $$($(GO) list -f '{{.Dir}}' -m)); if [ -n "$$unformatted" ]; then echo "not gofmt-ed:"; echo "$$unformatted"; exit 1; fi
	@$(GO) vet work && $(GO) vet $(FAULTS) work

.PHONY: generate
generate: ## Everything that is written by a program
	@$(GO) generate work

.PHONY: demo
demo: postgresql build ## A small journal through fifteen years, then the promise board
	@bin/gallra demo $(JOURNAL)/small.jsonl --until 2036-12-31

.PHONY: journal
journal: postgresql build ## The whole journal, in three ways, with kills; takes long
	@GALLRA_JOURNAL=whole $(GO) test -count=1 -timeout 90m -v -run 'TestTheWholeJournal' ./services/gallra/acceptance

# CHAOS seeded nights, in each of which one to three things die; GALLRA_SEED=N repeats a run.
CHAOS ?= 200
.PHONY: chaos
chaos: postgresql ## Services, PostgreSQL and NATS killed in the middle of disposals, 200 times; takes long
	@GALLRA_CHAOS=$(CHAOS) $(GO) test $(FAULTS) -count=1 -timeout 4h -v -run 'TestChaos' ./services/gallra/acceptance

.PHONY: histories
histories: postgresql ## 100,000 random histories against the reference model; takes long
	@GALLRA_HISTORIES=100000 $(GO) test -count=1 -timeout 8h -v -run TestTheServiceDoesWhatTheNoticesSay ./services/retention-timer/internal/reference

.PHONY: scenarios
scenarios: postgresql build ## Every scenario file
	@bin/gallra scenario run scenarios/SC-*.yaml

.PHONY: bench
bench: postgresql ## Figures, each beside a floor measured in the same run
	@$(GO) test -timeout 60m -run '^$$' -bench . -benchtime 1x ./services/gallra/bench
	@$(GO) test -timeout 60m -run '^$$' -bench Idle -benchtime 1x ./services/retention-timer/internal/sweep
	@$(GO) test -timeout 20m -run '^$$' -bench Disposals -benchtime 3x ./services/intake/internal/disposal
	@GALLRA_KEYS=1000000 $(GO) test -timeout 40m -run '^$$' -bench 'AMillion/^units$$' -benchtime 1x ./libs/keyring
	@$(GO) test -timeout 10m -run '^$$' -bench 'Seal' -benchtime 1s ./libs/keyring
	@$(GO) test -timeout 10m -run '^$$' -bench 'Verify|Append' -benchtime 1s ./services/ledger/receipt ./services/ledger/internal/store

.PHONY: openbao
openbao: ## The keystore's tests against the OpenBao or Vault server that BAO_ADDR and BAO_TOKEN name
	@[ -n "$$BAO_ADDR" ] && [ -n "$$BAO_TOKEN" ] || { echo "BAO_ADDR=http://127.0.0.1:8200 BAO_TOKEN=… make openbao; it needs a transit engine at transit/" >&2; exit 1; }
	@$(GO) test -count=1 -v -run TestARealServer ./libs/keyring/bao

.PHONY: images
images: build ## Every image that containers need; no registry is asked
	@deploy/images/build.sh

.PHONY: up
up: build ## Containers: https://127.0.0.1:8443, and NATS on 4222
	@deploy/up.sh

.PHONY: down
down: ## Ends the containers; their volumes stay
	@deploy/compose.sh down --remove-orphans

.PHONY: logs
logs: ## What the containers say, from now on
	@deploy/compose.sh logs --follow --tail 20

.PHONY: e2e
e2e: build ## The tests against containers of their own, which are gone afterwards
	@deploy/e2e.sh

.PHONY: journal-compose
journal-compose: build ## The whole journal through containers, with a kill of each; takes long
	@GALLRA_E2E_JOURNAL=whole deploy/e2e.sh -timeout 120m -run TestTheWholeJournal

# PostgreSQL's own programs are all that a machine with Go may lack.
.PHONY: postgresql
postgresql:
	@if ! command -v initdb >/dev/null && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "PostgreSQL is missing: installing it"; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null; \
		else \
			echo "PostgreSQL is missing. On Debian: sudo apt-get install -y postgresql" >&2; exit 1; \
		fi; \
	fi
