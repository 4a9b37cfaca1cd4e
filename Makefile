# The commands of this project. Everything but tests runs through platformctl,
# which prepares what it needs; make help lists them.

# What the user sets, on the command line or in the environment. A recipe never
# has it: a shell would run what a text holds. It goes by the environment, as it
# was typed; tools/platformctl/make.go has who takes what.
#   STACK        the stack, local unless given
#   CONTEXT      kubeconfig context in the place of the stack's own
#   NODES        of an embedded cluster that is made: simulated or real
#   SECRETS      where secrets come from in the place of STACK's source, such as masked
#   SECRET       what to rotate: SECRET or SECRET/KEY
#   OUT          folder to write
#   CHECK        folder that gitops compares with, in the place of writing one
#   PLAN         file with the plan that was approved, of which up does every step and no other
#   BASE         revision of git that reach and comment compare with
#   LIVE         anything, so that reach measures on the stack's embedded cluster, too
#   SERVICE      what image, logs, shell and psql work on: a service, which is a component
#   TAG          the tag that image sets, and
#   ALLOW_OLDER  why, if it is older
#   ARGS         further flags, for pulumi, such as ARGS=--diff; of logs, shell and psql for
#                kubectl, the shell and psql; else for the command itself
#   TIMEOUT      how long the end-to-end tests of a package may take, 80m unless given;
#                those on real nodes 180m, all variations 120m
#   N            how many runs e2e-kills ends before their end, 8 unless given, and
#   SEED         what chooses them, as an earlier one has printed it
VARIABLES := STACK CONTEXT NODES SECRETS SECRET OUT CHECK PLAN BASE LIVE SERVICE TAG ALLOW_OLDER ARGS TIMEOUT N SEED
$(foreach v,$(VARIABLES),$(if $(filter command environment,$(firstword $(origin $v))),$(eval override export $v := $$(value $v))))

# What the commands are built from: make looks at the times itself, which takes
# milliseconds where asking go takes a third of a second.
SOURCES := go.mod go.sum $(shell find config policy tools -name '*.go' -not -name '*_test.go') $(shell find tools/cluster/stages tools/cluster/crds -type f)

# What one checkout has compiled fits another of the same sources, and tests
# take what the commands have compiled. Whose the checkout is does not matter: git
# refuses to tell its revision to another user.
export GOFLAGS := $(GOFLAGS) -trimpath -buildvcs=false

COMMANDS := up preview down render refresh recover rotate secrets-template policy-list reach comment drift gitops image ci-access cluster-up cluster-down kubeconfig open logs shell psql

.DEFAULT_GOAL := help
.PHONY: help $(COMMANDS) test unit e2e e2e-nodes e2e-every e2e-kills e2e-argocd lint schema bench clean ctl

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  STACK=name (default local), CONTEXT=kubeconfig-context, NODES=real, SERVICE=name, OUT=dir, SECRET=name/key, SECRETS=masked, BASE=revision, N=number, ARGS='flags for pulumi'"

ctl: bin/platformctl

bin/platformctl: $(SOURCES)
	@go build -ldflags=-w -o $@ ./tools/platformctl
	@touch $@

$(COMMANDS): ctl
	@bin/platformctl make $@

# Before what make does itself: a variable that means nothing is an error.
variables-%: ctl
	@bin/platformctl make $*

up: ## Deploy STACK; local is brought up on an embedded cluster
preview: ## Show what up would change in STACK
down: ## Delete what STACK deployed; refused if any of it is protected
render: ## Write STACK's plain manifests, without Secret values, to OUT=dir
refresh: ## Take what is really in STACK's cluster into its state
recover: ## Repair STACK's state after an interrupted run
rotate: ## Make the generated SECRET of STACK anew and bring it to what reads it
secrets-template: ## List what STACK needs from Infisical, and a .env to fill in; ARGS=--help tells more
policy-list: ## List the rules that previews and deployments are judged by, and their exceptions; ARGS=--help tells more
reach: ## Show who can reach whom in STACK, and what has changed since the revision BASE
image: ## Set the image of SERVICE to TAG in STACK's file; an older one with ALLOW_OLDER=reason
comment: ## Say what STACK's program changes since the revision BASE, or else to what is deployed; page in out/comment.html
drift: ## Tell what somebody changed in STACK's cluster apart from what the program changes; exit codes by ARGS=--help
gitops: ## Write STACK for Argo CD below OUT=dir, or compare it with CHECK=dir
ci-access: ## Print the identity with which CI previews STACK, to be applied by an administrator
cluster-up: ## Start the embedded cluster of STACK
cluster-down: ## Stop the embedded cluster of STACK and delete it with its state
kubeconfig: ## Print the path of the embedded cluster's kubeconfig and nothing else
open: ## Print the URL of STACK's page, and open it on a desktop
logs: ## Show the logs of SERVICE in STACK; ARGS=-f goes on
shell: ## Open a shell in the first ready pod of SERVICE
psql: ## Open psql as the superuser at the database of STACK

test: variables-test unit e2e ## Run every test; the first run builds the toolchain

unit:
	go vet ./...
	go test ./...

# One stack's life is on real nodes, where this machine can run them. They have
# the machine to themselves, for what they do in time is tested; the others share
# it, two packages at a time. An error of the first does not hide the others'.
E2E = $(addprefix ./,$(sort $(dir $(shell grep --recursive --files-with-matches --include='*_test.go' '^//go:build e2e' components config policy stacks tests tools))))
ON_REAL_NODES = ./tests/e2e/ ./tools/cluster/
e2e: variables-e2e
	@tools/servers/install servers nodes browser
	@bin/platformctl toolchain
	go vet -tags e2e,nodes,argocd,kills ./...
	export PLATFORM_PROMTOOL="$$(bin/platformctl toolchain promtool)"; \
	go test -tags e2e -p 1 -count 1 -run ^TestReal -timeout "$${TIMEOUT:-80m}" $(ON_REAL_NODES); real=$$?; \
	go test -tags e2e -p 2 -count 1 -skip ^TestReal -timeout "$${TIMEOUT:-80m}" $(E2E) && exit $$real

# All that runs on real nodes, with what takes too long for every change: Edd
# Cloud on eight nodes, and mistakes that are made on purpose, an hour of them.
e2e-nodes: variables-e2e-nodes ## Test both stacks on real nodes: needs root on Linux
	@tools/servers/install nodes browser
	@bin/platformctl toolchain
	go vet -tags e2e,nodes ./...
	go test -tags e2e,nodes -p 1 -count 1 -run ^TestReal -timeout "$${TIMEOUT:-180m}" -v $(ON_REAL_NODES)

# All that runs on simulated nodes, with each variation: each kind of change to
# comment on, each way to turn the autoscaler on and off, each edge.
e2e-every: variables-e2e-every ## Test with every variation that make test leaves out
	@tools/servers/install servers
	@bin/platformctl toolchain
	go vet -tags e2e,nodes ./...
	go test -tags e2e,nodes -count 1 -skip ^TestReal -timeout "$${TIMEOUT:-120m}" -v ./tests/e2e/

# Each run takes about a minute, and what follows it.
e2e-kills: variables-e2e-kills ## End N runs at random moments in every way, and look whether the stack recovers
	@bin/platformctl toolchain
	go vet -tags e2e,kills ./tests/e2e
	go test -tags e2e,kills -count 1 -run ^TestKills$$ -timeout "$${TIMEOUT:-300m}" -v ./tests/e2e/

# Argo CD's own programs take minutes to build.
e2e-argocd: variables-e2e-argocd ## Sync dev, prod and k3s with a real Argo CD: needs redis-server
	@tools/servers/install servers
	@bin/platformctl toolchain
	go vet -tags e2e,argocd ./tools/gitops
	PLATFORM_ARGOCD="$$(tools/gitops/argocd/build)" go test -tags e2e,argocd -count 1 -run ArgoCD -timeout "$${TIMEOUT:-80m}" -v ./tools/gitops

lint: variables-lint ## Check format and style of the source
	@bin/platformctl toolchain
	"$$(bin/platformctl toolchain golangci-lint)" run ./...

schema: variables-schema ## Write the JSON Schemas of the stack files, with which an editor completes and checks them
	go run ./tools/schema

bench: variables-bench ## Measure previews and deployments beside kubectl
	@bin/platformctl toolchain
	go test -tags e2e -run '^$$' -bench . -benchtime 1x -timeout "$${TIMEOUT:-80m}" ./tests/bench
	go test -run '^$$' -bench Review ./tools/review

clean: variables-clean ## Stop and delete the embedded clusters of this checkout, and remove what was built here
	@bin/platformctl clean
	rm -rf bin out
