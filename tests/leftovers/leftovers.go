// Package leftovers compares this machine before and after a test: what real
// nodes make of namespaces, mounts, interfaces, rules and control groups must
// be gone after them.
package leftovers

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Machine is what is on this machine at one time, each thing by a line.
type Machine map[string]bool

// settings are those of the whole kernel that kubelets and proxies like to
// change.
var settings = []string{
	"/proc/sys/vm/overcommit_memory", "/proc/sys/vm/panic_on_oom", "/proc/sys/kernel/panic", "/proc/sys/kernel/panic_on_oops",
	"/proc/sys/net/ipv4/ip_forward", "/proc/sys/net/netfilter/nf_conntrack_max",
}

// Look takes down what is there. It needs root, and may miss what begins or
// ends meanwhile.
func Look() (Machine, error) {
	m := Machine{}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(mounts)) {
		if fields := strings.Fields(line); len(fields) > 4 {
			m["mount "+fields[4]] = true
		}
	}
	links, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	for _, link := range links {
		m["interface "+link.Name] = true
	}
	for _, path := range settings {
		text, _ := os.ReadFile(path) // a kernel without it has none before and after
		m["setting "+path+" = "+strings.TrimSpace(string(text))] = true
	}
	m.addNamespaced()
	m.addGroups()
	m.addNamed("/run/netns", "/var/run/netns")
	return m, m.addRules()
}

// addNamespaced adds the processes that are in other namespaces than this one.
func (m Machine) addNamespaced() {
	own := map[string]string{}
	kinds := []string{"pid", "net", "mnt"}
	for _, kind := range kinds {
		own[kind], _ = os.Readlink("/proc/self/ns/" + kind)
	}
	processes, _ := filepath.Glob("/proc/[0-9]*") // the pattern is good
	for _, process := range processes {
		if _, err := os.Readlink(process + "/exe"); err != nil {
			continue // a thread of the kernel, which comes and goes, or one that has ended
		}
		for _, kind := range kinds {
			other, err := os.Readlink(process + "/ns/" + kind)
			if err != nil || other == own[kind] {
				continue // it has ended, or is of ours
			}
			command, _ := os.ReadFile(process + "/comm")
			m[fmt.Sprintf("process %s (%s)", filepath.Base(process), strings.TrimSpace(string(command)))] = true
			break
		}
	}
}

// addGroups adds the control groups of clusters, in every hierarchy.
func (m Machine) addGroups() {
	for _, pattern := range []string{"/sys/fs/cgroup/platform-*", "/sys/fs/cgroup/*/platform-*"} {
		found, _ := filepath.Glob(pattern) // the pattern is good
		for _, one := range found {
			m["control group "+one] = true
		}
	}
}

// addNamed adds what lies in folders.
func (m Machine) addNamed(folders ...string) {
	for _, folder := range folders {
		entries, _ := os.ReadDir(folder) // no folder is nothing in it
		for _, entry := range entries {
			m["file "+filepath.Join(folder, entry.Name())] = true
		}
	}
}

// addRules adds the rules of this machine's own network, if it has the program
// that lists them.
func (m Machine) addRules() error {
	path, err := exec.LookPath("nft")
	if err != nil {
		return nil //nolint:nilerr // without the program, nodes cannot have run
	}
	out, err := exec.Command(path, "list", "tables").Output()
	if err != nil {
		return fmt.Errorf("nft list tables: %w", err)
	}
	for line := range strings.Lines(string(out)) {
		m["rules "+strings.TrimSpace(line)] = true
	}
	return nil
}

// New is what is there now and was not before, and what of before is gone but
// should not be: settings. What a process of before has started is not in it:
// the nodes of another cluster go on making pods. The result is sorted.
func (m Machine) New(before Machine) []string {
	var found []string
	for line := range m {
		if !before[line] && !before.started(line) {
			found = append(found, line)
		}
	}
	slices.Sort(found)
	return found
}

// started reports whether a line is of a process that descends from one of these.
func (m Machine) started(line string) bool {
	var pid int
	if n, _ := fmt.Sscanf(line, "process %d ", &pid); n != 1 {
		return false
	}
	for range 64 { // no tree is as deep
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		_, rest, is := strings.Cut(string(text), ") ") // after the name, which may have blanks
		if n, _ := fmt.Sscanf(rest, "%s %d", new(string), &pid); err != nil || !is || n != 2 || pid <= 1 {
			return err != nil // it has ended meanwhile
		}
		for known := range m {
			if strings.HasPrefix(known, fmt.Sprintf("process %d ", pid)) {
				return true
			}
		}
	}
	return false
}
