package references

import (
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var mountedFile = pack.Rule{
	Name: "file-of-a-secret-exists", Group: pack.Secrets, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a program whose configuration names a file that the Secret has not does not start, or starts without a password",
	Remedy:    "write the key into the Secret, or correct the path",
	Reference: secretsPage + "#using-secrets-as-files-from-a-pod",
	Stack: pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
		pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
			text := configuration(s, c)
			for _, mount := range c.At("volumeMounts").Items() {
				volume, found := pack.First(pod.Spec.At("volumes").Items(), func(one pack.Value) bool { return one.At("name").Is(mount.At("name").Text()) })
				if !found {
					continue
				}
				written, ours := s.Referred("Secret", pod.Owner.Namespace(), volume.At("secret", "secretName").Text())
				if !ours || mount.At("subPath").Set() {
					continue
				}
				folder := strings.TrimSuffix(mount.At("mountPath").Text(), "/")
				for _, named := range regexp.MustCompile(regexp.QuoteMeta(folder)+`/([A-Za-z0-9._-]+)`).FindAllStringSubmatch(text, -1) {
					if !slices.Contains(keys(written), named[1]) {
						r.Violated(c, mount, "lacks the file %s, which the configuration names", named[1])
					}
				}
			}
		})
	}),
}

// configuration is a container's command, its arguments, and the ConfigMaps
// that it mounts.
func configuration(s *pack.Stack, c pack.Container) string {
	all := append(c.At("command").Texts(), c.At("args").Texts()...)
	for _, volume := range c.Pod.Spec.At("volumes").Items() {
		name := volume.At("configMap", "name").Text()
		if config, found := s.Referred("ConfigMap", c.Pod.Owner.Namespace(), name); found && name != "" {
			for _, text := range config.At("data").TextMap() {
				all = append(all, text)
			}
		}
	}
	return strings.Join(all, " ")
}
