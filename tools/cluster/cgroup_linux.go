package cluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// cgroupMount is where every distribution mounts the control groups.
const cgroupMount = "/sys/fs/cgroup"

// controllers are what version 2 has to hand down for a kubelet's groups.
const controllers = "+cpu +cpuset +memory +pids +io"

// hierarchies are the trees of control groups: one in all in version 2; in
// version 1 one for each controller and, where systems mount it beside them, the
// one of version 2, which container runtimes use too.
func hierarchies() ([]string, error) {
	var kind unix.Statfs_t
	if err := unix.Statfs(cgroupMount, &kind); err != nil {
		return nil, fmt.Errorf("control groups: %w", err)
	}
	if kind.Type == unix.CGROUP2_SUPER_MAGIC {
		return []string{cgroupMount}, nil
	}
	entries, err := os.ReadDir(cgroupMount)
	if err != nil {
		return nil, fmt.Errorf("control groups: %w", err)
	}
	var found []string
	for _, entry := range entries {
		path := filepath.Join(cgroupMount, entry.Name())
		if err := unix.Statfs(path, &kind); err == nil && entry.IsDir() && (kind.Type == unix.CGROUP_SUPER_MAGIC || kind.Type == unix.CGROUP2_SUPER_MAGIC) {
			found = append(found, path)
		}
	}
	return found, nil
}

// makeCgroup makes a control group in every hierarchy, so that a kubelet finds
// it. Its path begins with the cluster's own group.
func makeCgroup(path string) error {
	trees, err := hierarchies()
	if err != nil {
		return err
	}
	for _, tree := range trees {
		at := tree
		for _, part := range strings.Split(strings.Trim(path, "/"), "/") {
			handDown(at)
			parent := at
			at = filepath.Join(at, part)
			if err := os.Mkdir(at, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("control group: %w", err)
			}
			if err := inheritCPUs(parent, at); err != nil {
				return err
			}
		}
		handDown(at)
	}
	return nil
}

// The weights of a group by default, and the most, in the two versions.
var weights = map[string]struct{ one, most int }{"cpu.shares": {1024, 262144}, "cpu.weight": {100, 10000}}

// weighCgroup gives a group the processor's share of so many others. All pods of
// a cluster are in one group, which by default weighs as much as the one
// deployment that waits for them. On a busy machine probes then run out of time,
// and an ingress controller learns of a pod's end when the pod is gone.
func weighCgroup(path string, others int) error {
	trees, err := hierarchies()
	if err != nil {
		return err
	}
	for _, tree := range trees {
		for name, weight := range weights {
			file := filepath.Join(tree, path, name)
			if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
				continue // another controller's tree, or the other version
			}
			if err := os.WriteFile(file, []byte(strconv.Itoa(min(others*weight.one, weight.most))), 0o644); err != nil {
				return fmt.Errorf("control group: %w", err)
			}
		}
	}
	return nil
}

// handDown lets the groups below one of version 2 have the controllers; what a
// kernel lacks is left out by a second try of each alone.
func handDown(group string) {
	path := filepath.Join(group, "cgroup.subtree_control")
	for _, one := range strings.Fields(controllers) {
		_ = os.WriteFile(path, []byte(one), 0o644) // version 1 has no such file
	}
}

// inheritCPUs fills what a group of version 1's cpuset begins without.
func inheritCPUs(parent, group string) error {
	for _, name := range []string{"cpuset.cpus", "cpuset.mems"} {
		text, err := os.ReadFile(filepath.Join(parent, name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil && strings.TrimSpace(string(text)) != "" {
			err = os.WriteFile(filepath.Join(group, name), text, 0o644)
		}
		if err != nil {
			return fmt.Errorf("control group: %w", err)
		}
	}
	return nil
}

// removeCgroup removes a control group with all below it, from every hierarchy.
// No process may be left in it.
func removeCgroup(path string) error {
	trees, err := hierarchies()
	if err != nil {
		return err
	}
	var problems []error
	for _, tree := range trees {
		var folders []string
		_ = filepath.WalkDir(filepath.Join(tree, path), func(at string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() {
				folders = append(folders, at)
			}
			return nil // it may be gone, or vanish meanwhile
		})
		for i := len(folders) - 1; i >= 0; i-- {
			if err := os.Remove(folders[i]); err != nil && !errors.Is(err, fs.ErrNotExist) {
				problems = append(problems, fmt.Errorf("control group: %w", err))
			}
		}
	}
	return errors.Join(problems...)
}
