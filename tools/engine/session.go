// Package engine runs Pulumi for one stack of this project: with the user's
// own backend for the shared stacks, and with everything in a folder of its own
// for a stack that lives on the embedded cluster.
package engine

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"platform/config"
	"platform/policy/plan"
	"platform/policy/secret"
	"platform/tools/cluster"
	"platform/tools/review"
	"platform/tools/toolchain"
)

// Options say which stack is run and how.
type Options struct {
	Root    string // checkout; empty means the one around the working directory
	Stack   string
	Context string // kubeconfig context to use in the place of the stack's; empty means the stack's
	Stacks  string // where embedded clusters and their state are kept; empty means as StacksFolder says
	Secrets string // masked, in the place of the stack's source of secrets; empty means the stack's
	// Delivery of secrets in the place of the stack's, for renderings alone; empty
	// means the stack's.
	Delivery config.SecretDelivery
	// Approved is the plan that somebody has checked, of which the deployment does
	// every step and no other; nil means none.
	Approved *review.Section
	// Renew starts an embedded cluster with simulated nodes again where its topology
	// has changed; else that is reported.
	Renew bool
	Nodes string // simulated or real, of an embedded cluster that is made; empty means real where this machine has what they need
	// Known are values that must not be printed, which a session adds its own to;
	// nil means those of the environment.
	Known *secret.Known
	Out   io.Writer // progress and the engine's output
}

// Session is the engine, ready to run one stack.
type Session struct {
	Stack  string
	Config config.Platform

	root    string
	owner   owner    // of the stack's folder
	key     string   // tells the owner from all others
	stacks  string   // where folders of stacks are
	place   string   // of the stack's folder
	home    string   // what this project keeps of the stack: the place, or where it was before
	earlier *earlier // what is there; nil unless an earlier version has made it
	beside  string   // what of other folders the user should know; empty means nothing

	earlierStacks string // where an earlier version has kept such folders

	deployment string // its name, where its state is not the team's and its cluster not its own; empty otherwise

	project string // folder with the Pulumi.yaml that the engine reads
	own     bool   // state, passphrase and project are this project's, not the user's
	cluster bool   // it lives on the embedded cluster

	approved *review.Section // nil means that nobody has checked a plan elsewhere
	last     planned         // of the last preview

	secrets  string                // source in the place of the stack's own
	delivery config.SecretDelivery // in the place of the stack's own
	config   string                // file with that source, where the stack file is the checkout's own

	nodes  cluster.Nodes // of the embedded cluster
	renew  bool          // it is started again where its topology has changed
	reason string        // why they are that, if the cluster is made; empty otherwise
	store  string        // what real nodes have of images

	context    string // of the kubeconfig
	instead    string // what the user named in the place of the stack's own; empty means none
	kubeconfig string // empty means the user's

	env      []string
	tools    *toolchain.Toolchain
	cli      string  // pulumi, in the place of the tools' own
	attached streams // of a user who looks into what runs
	out      io.Writer
	known    *secret.Known // what out leaves out
	learned  *learning     // nil where the state holds no values
}

// DefaultStack is what commands work on unless told otherwise.
const DefaultStack = "local"

// EmbeddedContext is the context of a stack's embedded cluster: a stack whose
// file names it lives there.
func EmbeddedContext(stack string) string { return "platform-" + stack }

// Open checks the stack's configuration, makes the tools it needs, and starts
// its cluster where that is the embedded one.
func Open(ctx context.Context, opts Options) (*Session, error) {
	s, err := prepare(opts)
	if err != nil {
		return nil, err
	}
	if s.own {
		if err := s.moveIn(ctx); err != nil {
			return nil, err
		}
	}
	names := toolchain.Engine
	if s.cluster {
		if err := s.chooseNodes(opts.Nodes); err != nil {
			return nil, err
		}
		names = slices.Concat(names, s.clusterTools())
	}
	if s.tools, err = toolchain.Ensure(ctx, toolchain.Options{Root: s.root, Tools: names, Out: s.unredacted()}); err != nil {
		return nil, err
	}
	s.setEnvironment()
	if err := s.build(ctx, s.program()); err != nil {
		return nil, err
	}
	if s.cluster {
		if err := s.startCluster(ctx); err != nil {
			return nil, err
		}
	}
	if s.own {
		return s, s.ownProject(ctx, opts.Context)
	}
	return s, s.overrideSecrets()
}

// Close removes what the session wrote for itself alone.
func (s *Session) Close() error {
	if s.config == "" {
		return nil
	}
	return os.RemoveAll(filepath.Dir(s.config))
}

// clusterTools are those of the stack's embedded cluster. What gives addresses
// to Services takes minutes to build, so only who has it does.
func (s *Session) clusterTools() []toolchain.Name {
	if s.Config.Shared().Topology.LoadBalancer.Namespace == "" {
		return slices.Concat(toolchain.Cluster, s.nodeTools())
	}
	return slices.Concat(toolchain.Cluster, toolchain.LoadBalancer, s.nodeTools())
}

// setEnvironment points the engine at the tools and at the linked program.
func (s *Session) setEnvironment() {
	s.env = append(slices.DeleteFunc(os.Environ(), s.telling), s.tools.Env()...)
	s.env = append(s.env, "PLATFORM_PROGRAM="+s.program().path, plan.EnvChecked+"=true", config.EnvDeployment+"="+s.deployment)
	for name, value := range tuning {
		if os.Getenv(name) == "" {
			s.env = append(s.env, name+"="+value)
		}
	}
}

// tuning is for the engine, its providers and the program alike, unless the
// user says otherwise. Measured on a preview without changes of 78 resources:
// diffs in parallel save 6 %, collecting garbage less often in processes that
// live for seconds saves 20 % of the processor time. The Kubernetes provider
// asks the cluster at most 50 times a second, which bounds a stack of hundreds
// of resources: without a bound of its own, a preview of 4,135 takes a third.
// At most 64 requests are under way, and the server has limits that are fair.
var tuning = map[string]string{
	"PULUMI_PARALLEL_DIFF":  "true",
	"PULUMI_K8S_CLIENT_QPS": "-1",
	"GOGC":                  "400",
}

// prepare finds out what the stack is, without making anything.
func prepare(opts Options) (*Session, error) {
	root, err := toolchain.Root(or(opts.Root, "."))
	if err != nil {
		return nil, err
	}
	stacks, earlier, err := stacksOf(opts)
	if err != nil {
		return nil, err
	}
	cfg, err := config.ReadFile(opts.Stack, filepath.Join(root, stackFile(opts.Stack)))
	if err != nil {
		return nil, err
	}
	on := cfg.Shared().Cluster
	if opts.Secrets != "" && opts.Secrets != string(config.SourceMasked) {
		return nil, fmt.Errorf("secrets: %q cannot take the place of the stack's own source, for that would replace every value; only %q can, which deploys nothing",
			opts.Secrets, config.SourceMasked)
	}
	if opts.Secrets != "" {
		cfg.Shared().Secrets.Source = config.SecretSource(opts.Secrets)
	}
	if opts.Delivery != "" {
		cfg.Shared().Secrets.Delivery = opts.Delivery
	}
	if opts.Secrets != "" || opts.Delivery != "" {
		if problems := cfg.Validate(opts.Stack); len(problems) > 0 {
			return nil, problems
		}
	}
	s := &Session{Stack: opts.Stack, Config: cfg, root: root, project: root, out: opts.Out, approved: opts.Approved, secrets: opts.Secrets, delivery: opts.Delivery, renew: opts.Renew}
	if s.out == nil {
		s.out = io.Discard
	}
	s.scanned(opts.Known, s.out)
	s.cluster = opts.Context == "" && on.Context == EmbeddedContext(opts.Stack)
	s.own = s.cluster || opts.Context != ""
	s.context, s.instead, s.kubeconfig = or(opts.Context, on.Context), opts.Context, on.Kubeconfig
	checkout, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil, err
	}
	s.owner = owner{Checkout: checkout, Stack: opts.Stack, Context: opts.Context, Embedded: s.cluster}
	s.key, s.stacks, s.earlierStacks, s.place = s.owner.key(), stacks, earlier, filepath.Join(stacks, s.owner.folder())
	s.lives(s.place)
	return s, nil
}

// stackFile is where Pulumi looks for a stack's configuration.
func stackFile(stack string) string { return fmt.Sprintf("Pulumi.%s.yaml", stack) }

func or(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}
