package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/dynamic"

	"platform/policy/reach"
	"platform/tools/cluster"
)

// Options say what is measured.
type Options struct {
	Matrix *reach.Matrix         // as computed of what runs, without what nothing enforces
	Done   func(end string) bool // whether the pods of a workload end by themselves, so that one may stand for them; nil means none does
	Dir    string                // of the embedded cluster
	State  cluster.State         // of the same
	// StandIns lets pods be made where endpoints have none, and addresses be
	// played that the world outside does not have; all are gone afterwards.
	StandIns bool
	Out      io.Writer // progress; nil means none
}

// interval is how often progress is reported.
const interval = 2 * time.Second

// Run measures on a running embedded cluster with real nodes. For the time
// being it listens where pods and nodes do not; nothing of that is left when it
// returns.
func Run(ctx context.Context, opts Options) (result *Result, err error) {
	if opts.Out == nil {
		opts.Out = io.Discard
	}
	objects, err := connect(opts.State.Kubeconfig)
	if err != nil {
		return nil, err
	}
	r := &run{Options: opts, objects: objects, networks: newNetworks(), probes: &probes{objects: objects}, start: time.Now()}
	defer func() { err = errors.Join(err, r.networks.close(), r.probes.close(ctx)) }()
	scene, err := r.scene(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.listen(scene); err != nil {
		return nil, err
	}
	cells := Plan(opts.Matrix, scene)
	last := time.Now()
	err = Measure(ctx, cells, r.networks, func(done, of int) {
		if time.Since(last) > interval || done == of {
			last = time.Now()
			r.say("%d of %d connections tried", done, of)
		}
	})
	if err != nil {
		return nil, err
	}
	if cells, err = r.present(ctx, cells); err != nil {
		return nil, err
	}
	return Compare(cells, opts.Matrix, scene), nil
}

// run is one measurement.
type run struct {
	Options
	objects  dynamic.Interface
	networks *networks
	probes   *probes
	start    time.Time
	outside  string // network namespace of the world outside
}

// say tells progress with the time since the start.
func (r *run) say(format string, args ...any) {
	fmt.Fprintf(r.Out, "%5.1fs  %s\n", time.Since(r.start).Seconds(), fmt.Sprintf(format, args...))
}

// scene finds out what runs and where, once pods stand for what does not.
func (r *run) scene(ctx context.Context) (*Scene, error) {
	s := &Scene{Places: map[string][]Place{}, Missing: map[string]string{}}
	pods, err := list[corev1.Pod](ctx, r.objects, podsResource)
	if err != nil {
		return nil, err
	}
	if s.Services, err = list[corev1.Service](ctx, r.objects, servicesResource); err != nil {
		return nil, err
	}
	if r.StandIns {
		if err := r.standIn(ctx, s, pods); err != nil {
			return nil, err
		}
		if pods, err = list[corev1.Pod](ctx, r.objects, podsResource); err != nil {
			return nil, err
		}
	}
	nodes, err := list[corev1.Node](ctx, r.objects, nodesResource)
	if err != nil {
		return nil, err
	}
	if err := r.place(s, pods, nodes); err != nil {
		return nil, err
	}
	return s, r.world(s, nodes)
}

// standIn starts a pod for each endpoint that has none.
func (r *run) standIn(ctx context.Context, s *Scene, pods []corev1.Pod) error {
	if err := r.probes.sweep(ctx, pods); err != nil {
		return err
	}
	absent := r.absent(Assign(r.Matrix, slices.DeleteFunc(pods, func(p corev1.Pod) bool { return p.Annotations[probeAnnotation] != "" })))
	if len(absent) > 0 {
		r.say("starting a pod for each of %d endpoints that have none", len(absent))
	}
	return r.probes.start(ctx, absent, s.Services, s.Missing)
}

// absent are the endpoints without a pod that one may stand for.
func (r *run) absent(assigned map[string][]corev1.Pod) []*reach.Endpoint {
	var all []*reach.Endpoint
	for _, e := range r.Matrix.Endpoints {
		ends := e.Kind == reach.Pod && r.Done != nil && r.Done(e.String())
		if len(assigned[e.String()]) == 0 && (ends || e.Kind == reach.Outside) {
			all = append(all, e)
		}
	}
	return all
}

// place fills in where nodes and pods are.
func (r *run) place(s *Scene, pods []corev1.Pod, nodes []corev1.Node) error {
	processes, err := cluster.NodeProcesses(r.Dir)
	if err != nil {
		return err
	}
	ofNodes, ofPods := map[string]string{}, map[netip.Addr]string{}
	for name, pid := range processes {
		ofNodes[name] = nodeNetwork(pid)
		found, err := r.networks.pods(pid)
		if err != nil {
			return fmt.Errorf("pods of node %s: %w", name, err)
		}
		maps.Copy(ofPods, found)
	}
	places := nodePlaces(nodes, ofNodes)
	for _, name := range slices.Sorted(maps.Keys(places)) {
		s.Nodes = append(s.Nodes, places[name])
	}
	s.Places[string(reach.Nodes)] = s.Nodes
	for name, some := range Assign(r.Matrix, pods) {
		for _, pod := range some {
			if place, is := podPlace(r.Matrix.Find(name), pod, places, ofPods); is {
				s.Places[name] = append(s.Places[name], place)
			}
		}
	}
	return nil
}

// world gives every group of addresses outside the cluster one that plays it.
func (r *run) world(s *Scene, nodes []corev1.Node) error {
	taken := []netip.Prefix{cluster.ServiceNetwork()}
	for _, node := range nodes {
		if prefix, err := netip.ParsePrefix(node.Spec.PodCIDR); err == nil {
			taken = append(taken, prefix)
		}
	}
	r.outside = threadNetwork(r.State.PID, r.State.Thread)
	for _, e := range r.Matrix.Endpoints {
		if e.Kind != reach.World {
			continue
		}
		address, has := worldAddress(e, cluster.OutsideAddress(), taken)
		if !has || !r.StandIns && address != cluster.OutsideAddress() {
			s.Missing[e.String()] = "no address of it is there"
			continue
		}
		if err := r.networks.play(r.outside, address); err != nil {
			return fmt.Errorf("address %s outside the cluster: %w", address, err)
		}
		s.Places[e.String()] = []Place{{Endpoint: e.String(), Kind: e.Kind, Name: address.String(), Address: address, Network: r.outside}}
	}
	return nil
}

// listen opens every namespace, and listens wherever something is tried.
func (r *run) listen(s *Scene) error {
	r.say("measuring between %d pods, nodes and addresses outside", s.count())
	for _, e := range r.Matrix.Endpoints {
		ports := Ports(r.Matrix, e)
		for _, place := range s.Places[e.String()] {
			if err := r.networks.listen(place, ports); err != nil {
				return err
			}
		}
	}
	return nil
}

// present drops the attempts at pods that went away meanwhile.
func (r *run) present(ctx context.Context, cells []Cell) ([]Cell, error) {
	pods, err := list[corev1.Pod](ctx, r.objects, podsResource)
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, pod := range pods {
		if runs(pod) {
			there[pod.Namespace+"/"+pod.Name] = true
		}
	}
	away := func(name string) bool { return strings.Contains(name, "/") && !there[name] }
	return Without(cells, away), nil
}

// Without is the cells without the attempts from and at places that went away,
// and without cells that have no attempt left.
func Without(cells []Cell, away func(name string) bool) []Cell {
	var all []Cell
	for _, c := range cells {
		c.Attempts = slices.DeleteFunc(slices.Clone(c.Attempts), func(a Attempt) bool {
			return a.Outcome == Left || away(a.From.Name) || away(a.Target)
		})
		all = keep(all, c)
	}
	return all
}
