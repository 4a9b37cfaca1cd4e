package images

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The media types of the OCI image specification.
const (
	indexType    = "application/vnd.oci.image.index.v1+json"
	manifestType = "application/vnd.oci.image.manifest.v1+json"
	configType   = "application/vnd.oci.image.config.v1+json"
	layerType    = "application/vnd.oci.image.layer.v1.tar"
)

// layout is the version of the archives that this package makes: a higher one
// makes each of them again.
const layout = 1

// descriptor points to a blob.
type descriptor struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Size        int64             `json:"size"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Platform    map[string]string `json:"platform,omitempty"`
}

func (b blob) descriptor(mediaType string) descriptor {
	return descriptor{MediaType: mediaType, Digest: b.digest, Size: b.size}
}

func jsonBlob(value any) (blob, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return blob{}, err
	}
	sum := sha256.Sum256(data)
	return blob{data: data, digest: "sha256:" + hex.EncodeToString(sum[:]), size: int64(len(data))}, nil
}

// find is the archive that was made from the same parts, if it is there.
func (m *maker) find(recipes map[string]recipe, standIns []string) (Archive, bool) {
	archive, err := m.archive(recipes, standIns)
	if err != nil {
		return Archive{}, false
	}
	if _, err := os.Stat(archive.Path); err != nil {
		return Archive{}, false
	}
	now := time.Now()
	_ = os.Chtimes(archive.Path, now, now) // the least used ones are removed first
	return archive, true
}

// archive names the archive by all that it is made from.
func (m *maker) archive(recipes map[string]recipe, standIns []string) (Archive, error) {
	versions, ok := m.packages.versions(parts(recipes))
	if !ok {
		return Archive{}, fmt.Errorf("images: a package is missing")
	}
	sum := sha256.New()
	program, err := m.programKey()
	if err != nil {
		return Archive{}, err
	}
	fmt.Fprintln(sum, layout, platform(), versions, program)
	for _, name := range slices.Sorted(maps.Keys(recipes)) {
		r := recipes[name]
		fmt.Fprintf(sum, "%s %q %q\n", name, r.Parts, r.Config)
		for _, file := range r.Programs {
			content, err := sumFile(file)
			if err != nil {
				return Archive{}, fmt.Errorf("images: %s: %w", name, err)
			}
			fmt.Fprintln(sum, filepath.Base(file), content)
		}
	}
	for _, name := range parts(recipes) {
		fmt.Fprintf(sum, "%v\n", partTable()[name])
	}
	fmt.Fprintln(sum, standInTree(""))
	key := hex.EncodeToString(sum.Sum(nil))[:16]
	return Archive{Path: filepath.Join(m.Cache, "archives", key+".tar"), StandIns: standIns, Key: key}, nil
}

// write makes the archive under a temporary name, and removes old ones.
func (m *maker) write(recipes map[string]recipe, standIns []string) (Archive, error) {
	archive, err := m.archive(recipes, standIns)
	if err != nil {
		return Archive{}, err
	}
	folder, err := os.MkdirTemp(filepath.Dir(archive.Path), "half-")
	if err != nil {
		return Archive{}, fmt.Errorf("images: archive: %w", err)
	}
	defer os.RemoveAll(folder)
	layers, err := m.layers(recipes, folder)
	if err != nil {
		return Archive{}, err
	}
	m.say("writing %d images", len(recipes))
	half := filepath.Join(folder, "archive.tar")
	if err := writeArchive(half, recipes, layers); err != nil {
		return Archive{}, err
	}
	info, err := os.Stat(half)
	if err != nil {
		return Archive{}, fmt.Errorf("images: archive: %w", err)
	}
	if err := os.Rename(half, archive.Path); err != nil {
		return Archive{}, fmt.Errorf("images: archive: %w", err)
	}
	m.say("%d images of %d MB are ready", len(recipes), info.Size()>>20)
	m.prune()
	return archive, nil
}

// layers are made once each, by the names that recipes have for them.
func (m *maker) layers(recipes map[string]recipe, folder string) (map[string]blob, error) {
	made, base := map[string]blob{}, tree{}
	add := func(name string, t tree, err error) error {
		if err != nil {
			return err
		}
		made[name], err = t.write(folder)
		return err
	}
	for _, name := range parts(recipes) {
		t, err := m.packages.tree(name, base)
		if err := add(name, t, err); err != nil {
			return nil, err
		}
		if name == basePart {
			base = t
		}
	}
	for _, r := range recipes {
		if name := r.programsPart(); name != "" && made[name].digest == "" {
			if err := add(name, r.programTree(), nil); err != nil {
				return nil, err
			}
		}
		if r.standIn && made[standInPart].digest == "" {
			program, err := m.program()
			if err := add(standInPart, standInTree(program), err); err != nil {
				return nil, err
			}
		}
	}
	return made, nil
}

// writeArchive writes the blobs and the index that names the images.
func writeArchive(into string, recipes map[string]recipe, layers map[string]blob) error {
	blobs, index := map[string]blob{}, []descriptor{}
	for _, name := range slices.Sorted(maps.Keys(recipes)) {
		manifest, parts, err := recipes[name].manifest(layers)
		if err != nil {
			return fmt.Errorf("images: %s: %w", name, err)
		}
		for _, b := range append(parts, manifest) {
			blobs[b.digest] = b
		}
		entry := manifest.descriptor(manifestType)
		entry.Platform = platform()
		entry.Annotations = map[string]string{"io.containerd.image.name": name, "org.opencontainers.image.ref.name": name}
		index = append(index, entry)
	}
	list, err := jsonBlob(map[string]any{"schemaVersion": 2, "mediaType": indexType, "manifests": index})
	if err != nil {
		return fmt.Errorf("images: index: %w", err)
	}
	file, err := os.Create(into)
	if err != nil {
		return fmt.Errorf("images: archive: %w", err)
	}
	defer file.Close()
	out := tar.NewWriter(file)
	files := tree{
		"oci-layout": {Mode: 0o644, data: []byte(`{"imageLayoutVersion":"1.0.0"}`)},
		"index.json": {Mode: 0o644, data: list.data},
	}
	for digest, b := range blobs {
		files["blobs/sha256/"+strings.TrimPrefix(digest, "sha256:")] = entry{Mode: 0o644, source: b.path, data: b.data}
	}
	for _, at := range files.paths() {
		if err := files[at].write(out, at); err != nil {
			return fmt.Errorf("images: archive: %w", err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("images: archive: %w", err)
	}
	return file.Close()
}

// manifest is the image's manifest and the blobs that it names.
func (r recipe) manifest(layers map[string]blob) (manifest blob, parts []blob, err error) {
	var descriptors []descriptor
	var diffs []string
	for _, name := range append(append([]string{basePart}, r.Parts...), r.programsPart()) {
		if name == "" {
			continue
		}
		layer, ok := layers[name]
		if !ok {
			return blob{}, nil, fmt.Errorf("there is no part %q", name)
		}
		parts = append(parts, layer)
		descriptors, diffs = append(descriptors, layer.descriptor(layerType)), append(diffs, layer.digest)
	}
	config, err := jsonBlob(map[string]any{
		"created": built, "os": platform()["os"], "architecture": platform()["architecture"],
		"config": r.Config, "rootfs": map[string]any{"type": "layers", "diff_ids": diffs},
	})
	if err != nil {
		return blob{}, nil, err
	}
	manifest, err = jsonBlob(map[string]any{
		"schemaVersion": 2, "mediaType": manifestType, "config": config.descriptor(configType), "layers": descriptors,
	})
	return manifest, append(parts, config), err
}

// prune removes the archives that were used the longest ago.
func (m *maker) prune() {
	found, _ := filepath.Glob(filepath.Join(m.Cache, "archives", "*.tar"))
	used := func(path string) time.Time {
		info, err := os.Stat(path)
		if err != nil {
			return time.Time{}
		}
		return info.ModTime()
	}
	slices.SortFunc(found, func(a, b string) int { return used(b).Compare(used(a)) })
	for i, path := range found {
		if i >= keptArchives {
			_ = os.Remove(path)
		}
	}
}
