package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"platform/tools/cluster/registry"
	"platform/tools/images"
	"platform/tools/toolchain"
)

// imageNamespace is where the kubelet's images are in containerd.
const imageNamespace = "k8s.io"

// registryPort is where the control plane serves images to nodes.
const registryPort = 5000

// storePatience bounds the start of the container runtime that imports images.
const storePatience = 20 * time.Second

// ImageStore unpacks an archive of images once into a folder of stores, for
// nodes to begin with: see [Options.Images]. A store is found again by its key.
func ImageStore(ctx context.Context, stores, archive, key string, out io.Writer) (string, error) {
	store := filepath.Join(stores, key)
	if exists(store) {
		return store, nil
	}
	if err := os.MkdirAll(stores, 0o711); err != nil {
		return "", fmt.Errorf("images: %w", err)
	}
	lock := flock.New(filepath.Join(stores, "lock"))
	if err := lock.Lock(); err != nil {
		return "", fmt.Errorf("images: %w", err)
	}
	defer func() { _ = lock.Unlock() }() // closing the process frees it too
	if exists(store) {
		return store, nil
	}
	begun := time.Now()
	half := store + ".new"
	if err := os.RemoveAll(half); err != nil {
		return "", fmt.Errorf("images: %w", err)
	}
	if err := unpack(ctx, archive, half); err != nil {
		return "", fmt.Errorf("images: %w", err)
	}
	fmt.Fprintf(out, "images: unpacked in %s\n", time.Since(begun).Round(100*time.Millisecond))
	if err := os.Rename(half, store); err != nil {
		return "", fmt.Errorf("images: %w", err)
	}
	return store, removeOtherStores(stores, key)
}

// keptStores is how many stores stay: a few hundred MB each.
const keptStores = 4

// removeOtherStores removes the oldest stores.
func removeOtherStores(stores, key string) error {
	entries, err := os.ReadDir(stores)
	if err != nil {
		return fmt.Errorf("images: %w", err)
	}
	var folders []os.FileInfo
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && entry.IsDir() && entry.Name() != key {
			folders = append(folders, info)
		}
	}
	for len(folders) >= keptStores {
		oldest := 0
		for i := range folders {
			if folders[i].ModTime().Before(folders[oldest].ModTime()) {
				oldest = i
			}
		}
		if err := os.RemoveAll(filepath.Join(stores, folders[oldest].Name())); err != nil {
			return fmt.Errorf("images: %w", err)
		}
		folders = append(folders[:oldest], folders[oldest+1:]...)
	}
	return nil
}

// unpack imports an archive by a container runtime that runs for that alone.
func unpack(ctx context.Context, archive, folder string) error {
	state, err := os.MkdirTemp("", "platform-images-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(state)
	socket := filepath.Join(state, "containerd.sock")
	settings := filepath.Join(state, "containerd.toml")
	text := fmt.Sprintf("version = 2\nroot = %q\nstate = %q\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n[grpc]\n  address = %q\n",
		folder, filepath.Join(state, "state"), socket)
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(state, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	nursery := newNursery()
	defer nursery.close()
	runtime := exec.Command("containerd", "--config", settings)
	runtime.Stdout, runtime.Stderr, runtime.SysProcAttr = log, log, childAttributes()
	if err := nursery.start(runtime); err != nil {
		return err
	}
	defer func() {
		_ = runtime.Process.Signal(os.Interrupt)
		_ = runtime.Wait() // it was told to end
	}()
	ctx, cancel := context.WithTimeout(ctx, 10*storePatience)
	defer cancel()
	for end := time.Now().Add(storePatience); !exists(socket); time.Sleep(pollPeriod) {
		if time.Now().After(end) {
			return fmt.Errorf("containerd does not start; its log ends with\n%s", toolchain.Tail(log.Name()))
		}
	}
	return importImages(ctx, socket, archive)
}

// importImages gives the images of an archive to a running container runtime.
func importImages(ctx context.Context, socket, archive string) error {
	text, err := exec.CommandContext(ctx, "ctr", "--address", socket, "--namespace", imageNamespace, "images", "import", archive).CombinedOutput()
	if err != nil {
		return fmt.Errorf("import %s: %w\n%s", archive, err, text)
	}
	return nil
}

// AddImages lets the nodes of the cluster of a folder pull the images of an
// archive, from now on: the cluster's own registry has them.
func AddImages(dir, archive string) error {
	folder := layout(dir).images()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("images: %w", err)
	}
	err := os.Link(archive, filepath.Join(folder, filepath.Base(archive)))
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil { // of another file system
		err = os.Symlink(archive, filepath.Join(folder, filepath.Base(archive)))
	}
	if err != nil {
		return fmt.Errorf("images: %w", err)
	}
	return nil
}

// serveImages answers the nodes' container runtimes in the place of registries.
func (c *Cluster) serveImages(ctx context.Context) error {
	listener, err := c.lan.listen(netip.AddrPortFrom(c.site.bridge.Addr(), registryPort).String())
	if err != nil {
		return fmt.Errorf("registry: %w", err)
	}
	server := &http.Server{
		Handler: registry.New(registry.Options{
			Archives: func() ([]string, error) { return filepath.Glob(filepath.Join(c.at.images(), "*.tar")) },
			Local:    os.Getenv(images.Source) != "",
		}),
		ReadHeaderTimeout: storePatience,
	}
	c.beside(ctx, func() error { return server.Serve(listener) })
	c.real.work.Go(func() {
		<-ctx.Done()
		_ = server.Close() // whoever pulls ends with the cluster
	})
	return nil
}
