package pod

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Volume is storage that a pod mounts; build it with [Scratch], [ConfigFiles],
// [SecretFiles], [Claim], [ClaimTemplate] or [HostPath].
type Volume struct {
	name     string
	source   corev1.VolumeArgs
	template bool // the StatefulSet puts it in
}

// Mount puts a volume into a container.
type Mount struct {
	Volume   Volume
	Path     string
	SubPath  string // one file or folder of the volume; empty means all of it
	ReadOnly bool
}

// Scratch is an empty folder that lives as long as its pod. The bound keeps a
// runaway writer from filling its node: past it the pod is evicted.
func Scratch(name string, sizeMiB int) Volume {
	return Volume{name: name, source: corev1.VolumeArgs{
		EmptyDir: corev1.EmptyDirVolumeSourceArgs{SizeLimit: pulumi.String(fmt.Sprintf("%dMi", sizeMiB))},
	}}
}

// SharedMemory is a folder in memory, which counts towards the containers'
// memory limits.
func SharedMemory(name string, sizeMiB int) Volume {
	return Volume{name: name, source: corev1.VolumeArgs{
		EmptyDir: corev1.EmptyDirVolumeSourceArgs{
			Medium: pulumi.String("Memory"), SizeLimit: pulumi.String(fmt.Sprintf("%dMi", sizeMiB)),
		},
	}}
}

// ConfigFiles shows the keys of a ConfigMap as files.
func ConfigFiles(name string, configMap pulumi.StringInput) Volume {
	return Volume{name: name, source: corev1.VolumeArgs{
		ConfigMap: corev1.ConfigMapVolumeSourceArgs{Name: configMap.ToStringOutput()},
	}}
}

// SecretFiles shows the keys of a Secret as files that only the pod's group
// may read.
func SecretFiles(name string, secret pulumi.StringInput) Volume {
	return Volume{name: name, source: corev1.VolumeArgs{
		Secret: corev1.SecretVolumeSourceArgs{
			SecretName: secret.ToStringOutput(), DefaultMode: pulumi.Int(0o440),
		},
	}}
}

// Claim is the volume bound to a PersistentVolumeClaim.
func Claim(name string, claim pulumi.StringInput) Volume {
	return Volume{name: name, source: corev1.VolumeArgs{
		PersistentVolumeClaim: corev1.PersistentVolumeClaimVolumeSourceArgs{ClaimName: claim.ToStringOutput()},
	}}
}

// ClaimTemplate is the volume of the claim that a StatefulSet makes for each
// of its pods from the template of that name.
func ClaimTemplate(name string) Volume { return Volume{name: name, template: true} }

// HostPath is a folder of the node, made where it is missing. It is there for
// whatever pod comes to the node next, and for nobody else.
func HostPath(name, path string) Volume {
	return Volume{name: name, source: corev1.VolumeArgs{
		HostPath: corev1.HostPathVolumeSourceArgs{Path: pulumi.String(path), Type: pulumi.String("DirectoryOrCreate")},
	}}
}

func (v Volume) args() corev1.VolumeArgs {
	args := v.source
	args.Name = pulumi.String(v.name)
	return args
}

func (m Mount) args() corev1.VolumeMountArgs {
	args := corev1.VolumeMountArgs{Name: pulumi.String(m.Volume.name), MountPath: pulumi.String(m.Path)}
	if m.SubPath != "" {
		args.SubPath = pulumi.String(m.SubPath)
	}
	if m.ReadOnly {
		args.ReadOnly = pulumi.Bool(true)
	}
	return args
}
