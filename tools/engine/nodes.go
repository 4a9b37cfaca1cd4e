package engine

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"platform/config"
	"platform/tools/cluster"
	"platform/tools/images"
	"platform/tools/toolchain"
)

// chooseNodes says what the nodes of the embedded cluster are: what they are
// already, else what is asked for, else real ones where this machine has all
// that they need. It says what it chose and why, if a cluster is to be made.
func (s *Session) chooseNodes(asked string) error {
	want, err := cluster.ParseNodes(asked)
	if err != nil {
		return err
	}
	state, err := cluster.Status(s.clusterDir())
	if err != nil {
		return err
	}
	switch {
	case state.Nodes != "" && want != "" && want != state.Nodes:
		return fmt.Errorf("stack %s: its embedded cluster has %s nodes, and NODES=%s asks for others; delete it first, with the state of the stack: %s",
			s.Stack, state.Nodes, want, s.makeLine("cluster-down"))
	case state.Nodes != "":
		s.nodes = state.Nodes
	case want == cluster.Real:
		if err := cluster.RealNodesError(); err != nil {
			return fmt.Errorf("stack %s: %w; NODES=%s needs neither", s.Stack, err, cluster.Simulated)
		}
		s.nodes, s.reason = want, "as asked; containers run"
	case want == cluster.Simulated:
		s.nodes, s.reason = want, "as asked; no container runs"
	default:
		s.nodes, s.reason = cluster.Real, "this machine can run them; NODES=simulated starts sooner, and no container runs"
		if err := cluster.Suits(s.Config.Shared().Topology); err != nil {
			s.nodes, s.reason = cluster.Simulated, "no container runs; "+err.Error()
		}
	}
	return nil
}

// nodeTools are what real nodes need beside the control plane.
func (s *Session) nodeTools() []toolchain.Name {
	if s.nodes != cluster.Real {
		return nil
	}
	if s.Config.Shared().Topology.LoadBalancer.Namespace == "" {
		return toolchain.Nodes
	}
	return slices.Concat(toolchain.Nodes, toolchain.Speakers)
}

// prepareNodes installs what real nodes take from the distribution, and makes
// the images that no registry answers for.
func (s *Session) prepareNodes(ctx context.Context) error {
	if s.nodes != cluster.Real {
		return nil
	}
	if err := cluster.CanRunNodes(); err != nil {
		if err := s.installPrograms(ctx); err != nil {
			return err
		}
	}
	var err error
	s.store, err = s.imageStore(ctx)
	return err
}

// installPrograms installs the distribution's programs for real nodes, where
// that is Debian or one of its kin.
func (s *Session) installPrograms(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, filepath.Join(s.root, "tools", "servers", "install"), "nodes")
	cmd.Stdout, cmd.Stderr = s.unredacted(), s.unredacted()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("programs of real nodes: %w", err)
	}
	return cluster.CanRunNodes()
}

// imageStore makes what the nodes' container runtimes begin with, or finds it.
func (s *Session) imageStore(ctx context.Context) (string, error) {
	archive, err := s.standIns(ctx)
	if err != nil {
		return "", err
	}
	if err := s.keepStandIns(archive.StandIns); err != nil {
		return "", err
	}
	if err := cluster.AddImages(s.clusterDir(), archive.Path); err != nil {
		return "", err
	}
	cache, err := toolchain.CacheFolder()
	if err != nil {
		return "", err
	}
	return cluster.ImageStore(ctx, filepath.Join(cache, "images", "stores"), archive.Path, archive.Key, s.out)
}

// supplyImages makes the images that the stack has come to name since its nodes
// started and that no registry answers for.
func (s *Session) supplyImages(ctx context.Context) error {
	if s.nodes != cluster.Real {
		return nil
	}
	known := s.standsIn()
	fresh := slices.DeleteFunc(wantedImages(s.Config), func(one images.Image) bool { return known(one.Ref) })
	fresh, _, err := images.Choose(ctx, fresh)
	if err != nil || len(fresh) == 0 {
		return err
	}
	cache, err := toolchain.CacheFolder()
	if err != nil {
		return err
	}
	archive, err := images.Make(ctx, images.Options{Root: s.root, Cache: filepath.Join(cache, "images"), Out: s.out}, fresh)
	if err != nil {
		return err
	}
	if err := cluster.AddImages(s.clusterDir(), archive.Path); err != nil {
		return err
	}
	return s.keepStandIns(append(s.keptStandIns(), archive.StandIns...))
}

// standIns makes the images that no registry answers for, and those of the
// cluster itself.
func (s *Session) standIns(ctx context.Context) (images.Archive, error) {
	wanted, _, err := images.Choose(ctx, wantedImages(s.Config))
	if err != nil {
		return images.Archive{}, err
	}
	cache, err := toolchain.CacheFolder()
	if err != nil {
		return images.Archive{}, err
	}
	extras := []images.Extra{images.CoreDNS(s.tools.Path("coredns"))}
	if s.Config.Shared().Topology.LoadBalancer.Namespace != "" {
		extras = append(extras, images.Speaker(s.tools.Path("metallb-speaker")))
	}
	if s.Config.Shared().Topology.IngressController.Namespace != "" {
		edge, err := s.buildEdge(ctx)
		if err != nil {
			return images.Archive{}, err
		}
		extras = append(extras, images.Edge(edge))
	}
	return images.Make(ctx, images.Options{Root: s.root, Cache: filepath.Join(cache, "images"), Out: s.out, Extras: extras}, wanted)
}

// edgeClass is that of the stack's Ingress or Gateway; empty where it has none.
func (s *Session) edgeClass() string {
	if epfl, is := s.Config.(*config.EPFL); is {
		return epfl.Edge.Class
	}
	return ""
}

// buildEdge links the ingress controller of embedded clusters, without
// libraries, for its image holds none.
func (s *Session) buildEdge(ctx context.Context) (string, error) {
	cache, err := toolchain.CacheFolder()
	if err != nil {
		return "", err
	}
	path := filepath.Join(cache, "images", "programs", "edge")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", path, "./tools/edge")
	cmd.Dir, cmd.Env = s.root, append(os.Environ(), "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("ingress controller of the embedded cluster: %w\n%s", err, text)
	}
	return path, nil
}
