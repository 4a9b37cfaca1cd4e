package components

import (
	"errors"
	"fmt"
)

// Files is where a process of the backend's image keeps files while it has no
// S3 storage: a folder of each pod's own, which is lost with the pod. The
// image makes its folder when it is imported, so every process needs one, on a
// root that is read-only.
type Files struct {
	Folder  string // absolute
	SizeMiB int    // past it the pod is evicted
}

func (f Files) validate() error {
	faults := []error{required("settings.files.folder", f.Folder)}
	if f.SizeMiB < 1 {
		faults = append(faults, fmt.Errorf("settings.files.sizeMiB: %d holds nothing; set 1 or more", f.SizeMiB))
	}
	return errors.Join(faults...)
}

// mount is the one place that says what kind of volume the folder is.
func (f Files) mount() Mount { return Mount{Volume: Scratch("files", f.SizeMiB), Path: f.Folder} }

// mounts are what every process of the image writes to, with so much
// room for temporary files.
func (s BackendSettings) mounts(temporaryMiB int) []Mount {
	return []Mount{{Volume: Scratch("tmp", temporaryMiB), Path: "/tmp"}, s.Files.mount()}
}
