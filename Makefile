# The commands of this project. All of them but the tests run through platformctl,
# which prepares what it needs. make help lists them.

# Variables that the user sets, on the command line or in the environment. No
# recipe contains their values, because a shell would run them. platformctl reads
# them from the environment; tools/platformctl/make.go says which target takes which.
#   STACK        the stack; default local
#   CONTEXT      a kubeconfig context, instead of the stack's own
#   NODES        the nodes of a new embedded cluster: simulated or real
#   SECRETS      a source of secrets instead of STACK's own, such as masked
#   SECRET       what rotate generates again: SECRET or SECRET/KEY
#   OUT          the folder to write to
#   CHECK        the folder that gitops compares with, instead of writing one
#   PLAN         the file of an approved plan: up does its steps and no others
#   BASE         the git revision that reach and comment compare with
#   LIVE         any value: reach also measures on the stack's embedded cluster
#   SERVICE      the service that image, logs, shell and psql work on
#   TAG          the tag that image sets
#   ALLOW_OLDER  the reason for a tag that is older
#   ARGS         more flags: for pulumi, such as ARGS=--diff; with logs, shell and psql
#                for kubectl, the shell and psql; otherwise for the command itself
#   TIMEOUT      for the end-to-end tests of one package; default 80m, for e2e-nodes
#                180m, e2e-every 120m, e2e-kills 300m
#   N            how many runs e2e-kills ends; default 8
#   SEED         what chooses the moments, as an earlier run printed it
VARIABLES := STACK CONTEXT NODES SECRETS SECRET OUT CHECK PLAN BASE LIVE SERVICE TAG ALLOW_OLDER ARGS TIMEOUT N SEED
$(foreach v,$(VARIABLES),$(if $(filter command environment,$(firstword $(origin $v))),$(eval override export $v := $$(value $v))))

# The sources of platformctl. make compares their times itself, in milliseconds;
# asking go takes a third of a second.
SOURCES := go.mod go.sum $(shell find config policy tools -name '*.go' -not -name '*_test.go') $(shell find tools/cluster/stages tools/cluster/crds -type f)

# With these flags, checkouts with the same sources share what is compiled, and so
# do commands and tests. Without -buildvcs=false, a build in the checkout of another
# user fails, because git refuses to print its revision.
export GOFLAGS := $(GOFLAGS) -trimpath -buildvcs=false

COMMANDS := up preview down render refresh recover rotate secrets-template policy-list reach comment drift gitops image ci-access cluster-up cluster-down kubeconfig open logs shell psql

.DEFAULT_GOAL := help
.PHONY: help $(COMMANDS) test unit e2e e2e-nodes e2e-every e2e-kills e2e-argocd lint schema bench clean ctl

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  STACK=name (default local), CONTEXT=kubeconfig-context, NODES=real, SERVICE=name, OUT=dir, SECRET=name/key, SECRETS=masked, BASE=revision, N=number, ARGS='flags for pulumi'"

ctl: bin/platformctl

bin/platformctl: $(SOURCES)
	@go build -ldflags=-w -o $@ ./tools/platformctl
	@touch $@

$(COMMANDS): ctl
	@bin/platformctl make $@

# A target that make runs itself first checks its variables: one that it does not
# take is an error.
variables-%: ctl
	@bin/platformctl make $*

up: ## Deploy STACK; also starts its embedded cluster, if it has one
preview: ## Show what up would change in STACK
down: ## Delete what STACK deployed; refused while any of it is protected
render: ## Write STACK's plain manifests, without Secret values, to OUT=dir
refresh: ## Read STACK's cluster and update the state
recover: ## Repair STACK's state after an interrupted run
rotate: ## Generate the SECRET of STACK again and roll the pods that read it
secrets-template: ## List what STACK needs from Infisical, and print a .env to fill in; flags: ARGS=--help
policy-list: ## List the rules that check previews and deployments, and their exceptions; flags: ARGS=--help
reach: ## Show who can reach whom in STACK, and with BASE=revision what has changed since
image: ## Set the image of SERVICE to TAG in STACK's file; an older tag needs ALLOW_OLDER=reason
comment: ## Show what STACK's program changes since BASE=revision, or compared with what is deployed; writes out/comment.html
drift: ## Show what somebody changed in STACK's cluster, and what the program changes; exit codes: ARGS=--help
gitops: ## Write what Argo CD applies of STACK below OUT=dir, or compare it with CHECK=dir
ci-access: ## Print the identity with which CI previews STACK, for an administrator to apply
cluster-up: ## Start the embedded cluster of STACK
cluster-down: ## Stop the embedded cluster of STACK, and delete it with its state
kubeconfig: ## Print only the path of the embedded cluster's kubeconfig
open: ## Print the URL of STACK's page; on a desktop, also open it
logs: ## Show the logs of SERVICE in STACK; ARGS=-f follows them
shell: ## Open a shell in the first ready pod of SERVICE
psql: ## Open psql as the superuser in the database of STACK

test: variables-test unit e2e ## Run every test; the first run builds the tools

unit:
	go vet ./...
	go test ./...

# The stack local runs on real nodes, if this machine can run them. Those tests
# check times, so they run alone. The others run two packages at a time. If the
# first ones fail, the others still run.
E2E = $(addprefix ./,$(sort $(dir $(shell grep --recursive --files-with-matches --include='*_test.go' '^//go:build e2e' components config policy stacks tests tools))))
ON_REAL_NODES = ./tests/e2e/ ./tools/cluster/
e2e: variables-e2e
	@tools/servers/install servers nodes browser
	@bin/platformctl toolchain
	go vet -tags e2e,nodes,argocd,kills ./...
	export PLATFORM_PROMTOOL="$$(bin/platformctl toolchain promtool)"; \
	go test -tags e2e -p 1 -count 1 -run ^TestReal -timeout "$${TIMEOUT:-80m}" $(ON_REAL_NODES); real=$$?; \
	go test -tags e2e -p 2 -count 1 -skip ^TestReal -timeout "$${TIMEOUT:-80m}" $(E2E) && exit $$real

# Every test on real nodes, also those that take too long for every change: Edd
# Cloud on eight nodes, and an hour of mistakes made on purpose.
e2e-nodes: variables-e2e-nodes ## Test both platforms on real nodes; needs root on Linux
	@tools/servers/install nodes browser
	@bin/platformctl toolchain
	go vet -tags e2e,nodes ./...
	go test -tags e2e,nodes -p 1 -count 1 -run ^TestReal -timeout "$${TIMEOUT:-180m}" -v $(ON_REAL_NODES)

# Every test on simulated nodes, with each variation: each kind of change in a
# comment, each way to turn the autoscaler on and off, each kind of edge.
e2e-every: variables-e2e-every ## Run every variation that make test leaves out
	@tools/servers/install servers
	@bin/platformctl toolchain
	go vet -tags e2e,nodes ./...
	go test -tags e2e,nodes -count 1 -skip ^TestReal -timeout "$${TIMEOUT:-120m}" -v ./tests/e2e/

# Each run takes about a minute, and what follows it.
e2e-kills: variables-e2e-kills ## End N runs at random moments, and check that the stack recovers
	@bin/platformctl toolchain
	go vet -tags e2e,kills ./tests/e2e
	go test -tags e2e,kills -count 1 -run ^TestKills$$ -timeout "$${TIMEOUT:-300m}" -v ./tests/e2e/

# Argo CD's own programs take minutes to build.
e2e-argocd: variables-e2e-argocd ## Sync dev, prod and k3s with a real Argo CD; needs redis-server
	@tools/servers/install servers
	@bin/platformctl toolchain
	go vet -tags e2e,argocd ./tools/gitops
	PLATFORM_ARGOCD="$$(tools/gitops/argocd/build)" go test -tags e2e,argocd -count 1 -run ArgoCD -timeout "$${TIMEOUT:-80m}" -v ./tools/gitops

lint: variables-lint ## Check format and style
	@bin/platformctl toolchain
	"$$(bin/platformctl toolchain golangci-lint)" run ./...

schema: variables-schema ## Write the JSON Schemas of the stack files; editors use them to complete and check
	go run ./tools/schema

bench: variables-bench ## Measure previews and deployments, compared with kubectl
	@bin/platformctl toolchain
	go test -tags e2e -run '^$$' -bench . -benchtime 1x -timeout "$${TIMEOUT:-80m}" ./tests/bench
	go test -run '^$$' -bench Review ./tools/review

clean: variables-clean ## Delete the embedded clusters of this checkout, and the folders bin and out
	@bin/platformctl clean
	rm -rf bin out
