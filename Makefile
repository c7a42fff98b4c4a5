# Each target is enough on its own on a fresh Debian with Swift, git and make, and does nothing twice.

REHEARSE := .build/release/rehearse
# An import that no target declares is an error, not a habit.
CHECKED  := --explicit-target-dependency-import-check error

REPORTS  := failover advice placement timeout restart maintenance storage capacity live

.PHONY: run build test reports $(REPORTS:%=%-report) bench capacity-checks lint
.PHONY: dependencies test-dependencies report-dependencies bench-dependencies install
# Results are kept beside their pages.
.PRECIOUS: reports/%.json

## The forecast for the reference deployment: two workers, six pods, one deleted.
run: build
	$(REHEARSE) run models/two-nodes-six-pods --scenario delete-pod

build: dependencies
	swift build -c release --product rehearse $(CHECKED)
	swift build -c release --product SlowStorage

test: dependencies test-dependencies
	swift build --build-tests $(CHECKED)
	swift test --skip-build

## The reports under reports/, each of them alone, and their index. A result that is there is drawn, not simulated again.
reports: $(REPORTS:%=%-report) reports/README.md

failover-report:    reports/failover.html
advice-report:      reports/advice.html
placement-report:   reports/placement.html
timeout-report:     reports/timeout.html
restart-report:     reports/restart.html
maintenance-report: reports/maintenance.html
storage-report:     reports/storage.html
capacity-report:    reports/capacity.html
live-report:        reports/live.html

# What each report asks.
asks_failover    := run models/two-nodes-six-pods --scenario delete-pod --sensitivity --quiet
asks_advice      := advise models/two-nodes-six-pods --quiet
asks_placement   := place models/two-nodes-six-pods
asks_timeout     := tradeoff models/two-nodes-six-pods --quiet
asks_restart     := restart models/two-nodes-six-pods --quiet
asks_maintenance := maintenance models/two-nodes-six-pods --quiet
asks_storage     := sweep models/two-nodes-six-pods --scenario nfs-stall --vary scenario.for=2s,5s,10s,30s,60s \
                    --vary environment.load=0,60 --statistic probabilities.promoted --statistic 'outage.anySlot p50' \
                    --statistic 'falseFailovers mean' --replications 300 --quiet
asks_capacity    := capacity models/two-nodes-six-pods

RESULTS := .build/results
reports/%.json:
	$(MAKE) --no-print-directory build
	mkdir -p $(RESULTS)
	@# What misses (2) or is undecided (3) is a result too.
	$(REHEARSE) $(asks_$*) -o json > $(RESULTS)/$*.json || case $$? in 2|3) ;; *) exit 1 ;; esac
	mv $(RESULTS)/$*.json $@

reports/%.html: reports/%.json
	$(MAKE) --no-print-directory build report-dependencies
	$(REHEARSE) report $< -o $@

# Every trial of six scenarios on two servers, replayed: a page for all and one result for each of the twelve.
LIVE := $(RESULTS)/live
reports/live.html:
	$(MAKE) --no-print-directory build report-dependencies
	.ci/replay-trials $(REHEARSE) $(LIVE)
	$(REHEARSE) report $(LIVE)/*.json -o reports/live.md
	$(REHEARSE) report $(LIVE)/*.json -o $@

# The last line of the index counts the verdicts of live.md.
reports/README.md: $(REPORTS:%=reports/%.html)
	$(REHEARSE) report --index $(patsubst %,reports/%.json,$(filter-out live,$(REPORTS))) -o $@
	@printf '| [Simulated against live](live.html) | %s of %s sets of trials on real servers agree with the simulation. | [in Markdown](live.md) |\n' \
		"$$(grep -c '^\*\*Held against.*: agrees' reports/live.md)" "$$(grep -c '^\*\*Held against' reports/live.md)" >> $@

## The kernel beside its rivals, and the model on top of it.
bench: dependencies bench-dependencies
	swift run -c release rehearse-bench

## What the formulas of sizing predict, measured on this machine's redis-server: two minutes.
capacity-checks: dependencies
	swift build -c release --product measure-capacity $(CHECKED)
	swift build -c release --product SlowStorage
	mkdir -p $(RESULTS)
	.build/release/measure-capacity >$(RESULTS)/MeasuredOn.swift
	mv $(RESULTS)/MeasuredOn.swift Sources/Capacity/Checks/MeasuredOn.swift

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

dependencies:
	@pkg-config --exists gsl libcrypto 2>/dev/null || \
	$(MAKE) --no-print-directory install PACKAGES="libgsl-dev libssl-dev pkg-config"

# Without one of these its tests are skipped, and say so.
test-dependencies:
	@for need in redis-server:redis-server gnuplot:gnuplot-nox chromium:chromium; do \
		command -v $${need%:*} >/dev/null || $(MAKE) --no-print-directory install PACKAGES=$${need#*:} || \
		echo "tests that need $${need%:*} are skipped" >&2; \
	done

report-dependencies:
	@command -v gnuplot >/dev/null || $(MAKE) --no-print-directory install PACKAGES=gnuplot-nox

bench-dependencies:
	@python3 -c 'import ensurepip, venv' 2>/dev/null || $(MAKE) --no-print-directory install PACKAGES="python3 python3-venv"

install:
	@command -v apt-get >/dev/null || { echo "install $(PACKAGES) with your package manager" >&2; exit 1; }
	@if [ "$$(id -u)" = 0 ]; then as_root=; else as_root=sudo; fi; \
	$$as_root apt-get update -qq && \
	$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(PACKAGES)
