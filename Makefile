# The commands of this project. Everything but test runs through platformctl,
# which prepares what it needs; make help lists them.

STACK   ?= local
CONTEXT ?=
# Nodes of an embedded cluster that is made: simulated or real.
NODES   ?=
# Where secrets come from in the place of STACK's own source, such as masked.
SECRETS ?=
# What to rotate: SECRET or SECRET/KEY.
SECRET  ?=
OUT     ?=
# File with the plan that was approved, of which up does every step and no other.
PLAN    ?=
# Revision of git that reach and comment compare with.
BASE    ?=
# Anything, so that reach measures on the stack's embedded cluster, too.
LIVE    ?=
# Folder that gitops compares with, in the place of writing one.
CHECK   ?=
# What image, logs, shell and psql work on: a service, which is a component.
SERVICE ?=
# What image sets beside it: the tag, and why if that is older.
TAG     ?=
ALLOW_OLDER ?=
# Further flags for pulumi, such as ARGS=--diff; of logs, shell and psql for
# kubectl, the shell and psql.
ARGS    ?=
# How long all end-to-end tests may take together, the first build included.
TIMEOUT ?= 80m

# What the commands are built from: make looks at the times itself, which takes
# milliseconds where asking go takes a third of a second.
SOURCES := go.mod go.sum $(shell find config policy tools -name '*.go' -not -name '*_test.go') $(shell find tools/cluster/stages tools/cluster/crds -type f)

CTL = bin/platformctl --stack $(STACK) $(if $(CONTEXT),--context $(CONTEXT)) $(if $(SECRETS),--secrets $(SECRETS)) $(if $(NODES),--nodes $(NODES))

.DEFAULT_GOAL := help
.PHONY: help up preview down render refresh recover rotate secrets-template policy-list reach comment drift gitops image ci-access cluster-up cluster-down kubeconfig open logs shell psql test unit e2e e2e-nodes e2e-argocd lint bench clean ctl

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  STACK=name (default local), CONTEXT=kubeconfig-context, NODES=real, SERVICE=name, OUT=dir, SECRET=name/key, SECRETS=masked, BASE=revision, ARGS='flags for pulumi'"

ctl: bin/platformctl

bin/platformctl: $(SOURCES)
	@go build -o $@ ./tools/platformctl
	@touch $@

up: ctl ## Deploy STACK; local is brought up on an embedded cluster
	@$(CTL) up $(if $(PLAN),--plan "$(PLAN)") -- $(ARGS)

preview: ctl ## Show what up would change in STACK
	@$(CTL) preview -- $(ARGS)

down: ctl ## Delete what STACK deployed; refused if any of it is protected
	@$(CTL) down -- $(ARGS)

render: ctl ## Write STACK's plain manifests, without Secret values, to OUT=dir
	@$(CTL) render --out "$(OUT)"

refresh: ctl ## Take what is really in STACK's cluster into its state
	@$(CTL) refresh -- $(ARGS)

recover: ctl ## Repair STACK's state after an interrupted run
	@$(CTL) recover -- $(ARGS)

rotate: ctl ## Make the generated SECRET of STACK anew and bring it to what reads it
	@$(CTL) rotate --secret "$(SECRET)" -- $(ARGS)

secrets-template: ctl ## List what STACK needs from Infisical, and a .env to fill in; ARGS=--help tells more
	@$(CTL) secrets template $(ARGS)

policy-list: ctl ## List the rules that previews and deployments are judged by, and their exceptions; ARGS=--help tells more
	@$(CTL) policy list $(ARGS)

reach: ctl ## Show who can reach whom in STACK, and what has changed since the revision BASE
	@$(CTL) reach --base "$(BASE)" $(if $(LIVE),--live) $(ARGS)

image: ctl ## Set the image of SERVICE to TAG in STACK's file; an older one with ALLOW_OLDER=reason
	@$(CTL) image --service "$(SERVICE)" --tag "$(TAG)" --allow-older "$(ALLOW_OLDER)"

comment: ctl ## Say what STACK's program changes since the revision BASE, or else to what is deployed; page in out/comment.html
	@$(CTL) comment --base "$(BASE)" --html out/comment.html $(ARGS)

drift: ctl ## Tell what somebody changed in STACK's cluster apart from what the program changes; exit codes by ARGS=--help
	@$(CTL) drift $(ARGS)

gitops: ctl ## Write STACK for Argo CD below OUT=dir, or compare it with CHECK=dir
	@$(CTL) gitops --out "$(OUT)" --check "$(CHECK)" $(ARGS)

ci-access: ctl ## Print the identity with which CI previews STACK, to be applied by an administrator
	@$(CTL) access

cluster-up: ctl ## Start the embedded cluster of STACK
	@$(CTL) cluster up

cluster-down: ctl ## Stop the embedded cluster of STACK and delete it with its state
	@$(CTL) cluster down

kubeconfig: ctl ## Print the path of the embedded cluster's kubeconfig and nothing else
	@$(CTL) cluster kubeconfig

open: ctl ## Print the URL of STACK's page, and open it on a desktop
	@$(CTL) open

logs: ctl ## Show the logs of SERVICE in STACK; ARGS=-f goes on
	@$(CTL) logs --service "$(SERVICE)" -- $(ARGS)

shell: ctl ## Open a shell in the first ready pod of SERVICE
	@$(CTL) shell --service "$(SERVICE)" -- $(ARGS)

psql: ctl ## Open psql as the superuser at the database of STACK
	@$(CTL) psql --service "$(SERVICE)" -- $(ARGS)

test: ctl unit e2e ## Run every test; the first run builds the toolchain

unit:
	go vet ./...
	go test ./...

# The packages share one machine, so they run one after the other. One stack's
# life is on real nodes, where this machine can run them.
e2e: ctl
	@tools/servers/install servers nodes browser
	@bin/platformctl toolchain
	go vet -tags e2e ./...
	PLATFORM_PROMTOOL="$$(bin/platformctl toolchain promtool)" go test -tags e2e -p 1 -count 1 -timeout $(TIMEOUT) ./...

# All that runs on real nodes, with what takes too long for every change: Edd
# Cloud on eight nodes, and mistakes that are made on purpose, an hour of them.
e2e-nodes: TIMEOUT = 180m
e2e-nodes: ctl ## Test both stacks on real nodes: needs root on Linux
	@tools/servers/install nodes browser
	@bin/platformctl toolchain
	go vet -tags e2e,nodes ./...
	go test -tags e2e,nodes -p 1 -count 1 -run Real -timeout $(TIMEOUT) -v ./tools/cluster ./tests/e2e

# Argo CD's own programs take minutes to build.
e2e-argocd: ctl ## Sync dev, prod and k3s with a real Argo CD: needs redis-server
	@tools/servers/install servers
	@bin/platformctl toolchain
	go vet -tags e2e,argocd ./tools/gitops
	PLATFORM_ARGOCD="$$(tools/gitops/argocd/build)" go test -tags e2e,argocd -count 1 -run ArgoCD -timeout $(TIMEOUT) -v ./tools/gitops

lint: ctl ## Check format and style of the source
	@bin/platformctl toolchain
	"$$(bin/platformctl toolchain golangci-lint)" run ./...

bench: ctl ## Measure previews and deployments beside kubectl
	@bin/platformctl toolchain
	go test -tags e2e -run '^$$' -bench . -benchtime 1x -timeout $(TIMEOUT) ./tests/bench
	go test -run '^$$' -bench Review ./tools/review

clean: ctl ## Stop and delete every embedded cluster, and remove what was built here
	@bin/platformctl clean
	rm -rf bin out
