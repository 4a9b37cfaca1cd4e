package machine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// The folders of a machine's own folder.
const (
	layerFolder = "layer" // what it wrote
	workFolder  = "work"  // the file system's own
	rootFolder  = "root"  // where the machine is put together
)

// oldRoot is where the files of this machine are while they are left.
const oldRoot = ".before"

// mount puts the machine's files together and makes them its root. Nothing of
// it shows outside: the first step ends the exchange of mounts.
func (m Machine) mount() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("mounts: %w", err)
	}
	root, err := m.layers()
	if err != nil {
		return err
	}
	if err := m.furnish(root); err != nil {
		return err
	}
	return enter(root)
}

// layers shows this machine's files below a folder, with a layer of its own
// on top.
func (m Machine) layers() (string, error) {
	root := filepath.Join(m.Folder, rootFolder)
	layer, work := filepath.Join(m.Folder, layerFolder), filepath.Join(m.Folder, workFolder)
	for _, folder := range []string{root, layer, work} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return "", fmt.Errorf("mounts: %w", err)
		}
	}
	options := fmt.Sprintf("lowerdir=/,upperdir=%s,workdir=%s", layer, work)
	if err := unix.Mount("overlay", root, "overlay", 0, options); err != nil {
		return "", fmt.Errorf("mounts: overlay of / in %s: %w; the folder must be on a file system that an overlay can write to, such as ext4 or xfs", m.Folder, err)
	}
	return root, nil
}

// furnish mounts what is no file of this machine, and what is shared with it.
func (m Machine) furnish(root string) error {
	type mount struct {
		source, target, kind string
		flags                uintptr
		data                 string
	}
	mounts := []mount{
		{"proc", "/proc", "proc", unix.MS_NOSUID | unix.MS_NOEXEC | unix.MS_NODEV, ""},
		{"sysfs", "/sys", "sysfs", unix.MS_NOSUID | unix.MS_NOEXEC | unix.MS_NODEV, ""},
		{"/sys/fs/cgroup", "/sys/fs/cgroup", "", unix.MS_BIND | unix.MS_REC, ""},
		{"/dev", "/dev", "", unix.MS_BIND | unix.MS_REC, ""},
		{"tmpfs", "/run", "tmpfs", unix.MS_NOSUID | unix.MS_NODEV, "mode=755"},
		{"tmpfs", "/tmp", "tmpfs", unix.MS_NOSUID | unix.MS_NODEV, "mode=1777"},
	}
	for _, folder := range m.Shared {
		mounts = append(mounts, mount{folder, folder, "", unix.MS_BIND | unix.MS_REC, ""})
	}
	for path, folder := range m.Mounts {
		mounts = append(mounts, mount{folder, path, "", unix.MS_BIND | unix.MS_REC, ""})
	}
	for _, one := range mounts {
		target := filepath.Join(root, one.target)
		if err := os.MkdirAll(target, 0o755); err != nil {
			return fmt.Errorf("mounts: %w", err)
		}
		if err := unix.Mount(one.source, target, one.kind, one.flags, one.data); err != nil {
			return fmt.Errorf("mounts: %s: %w", one.target, err)
		}
	}
	return m.show(root)
}

// show puts texts in the place of files that speak for the whole kernel: a
// program in the machine reads what it wants to see, and changes nothing.
func (m Machine) show(root string) error {
	at := 0
	for path, text := range m.Shown {
		target := filepath.Join(root, path)
		if _, err := os.Stat(target); errors.Is(err, os.ErrNotExist) {
			continue // a kernel without it
		}
		source := filepath.Join(root, "run", fmt.Sprintf(".shown-%d", at))
		at++
		if err := os.WriteFile(source, []byte(text), 0o644); err != nil {
			return fmt.Errorf("mounts: %s: %w", path, err)
		}
		if err := unix.Mount(source, target, "", unix.MS_BIND, ""); err != nil {
			return fmt.Errorf("mounts: %s: %w", path, err)
		}
	}
	return nil
}

// enter makes a folder the root, and leaves the files of before. What runs in
// the machine may share mounts with its containers.
func enter(root string) error {
	if err := os.MkdirAll(filepath.Join(root, oldRoot), 0o700); err != nil {
		return fmt.Errorf("mounts: %w", err)
	}
	if err := unix.PivotRoot(root, filepath.Join(root, oldRoot)); err != nil {
		return fmt.Errorf("mounts: root: %w", err)
	}
	if err := os.Chdir("/"); err != nil {
		return fmt.Errorf("mounts: root: %w", err)
	}
	if err := unix.Unmount("/"+oldRoot, unix.MNT_DETACH); err != nil {
		return fmt.Errorf("mounts: root: %w", err)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_SHARED, ""); err != nil {
		return fmt.Errorf("mounts: root: %w", err)
	}
	return nil
}
