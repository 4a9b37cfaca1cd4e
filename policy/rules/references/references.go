// Package references holds the rules about what pods take from Secrets, seen
// together with the Secrets that the stack writes.
package references

import (
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
	"platform/policy/settings"
)

// named are variables that log somebody in, by a number behind the word as
// well: one for each of several.
var named = regexp.MustCompile(`(?i)(PASSWORD|SECRET|_TOKEN|_AUTH|WEBHOOK_URL)(_\d+)?$`)

// setting is what logs nobody in: a switch or a number, such as of
// DISABLE_AUTH. An empty value is a password that is forgotten.
var setting = regexp.MustCompile(`(?i)^(true|false|yes|no|on|off|\d{1,5})$`)

// secretsPage is where most of these rules come from.
const secretsPage = "https://kubernetes.io/docs/concepts/configuration/secret/"

// Rules are all of this group, in the order of the list.
var Rules = pack.In(pack.Secrets, []pack.Rule{
	{
		Name: "variable-of-a-secret-is-a-reference", Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
		Reason:    "what a Secret has for a variable is secret for whoever sets the variable, too; a literal is in the program, in its state and in every description of the pod",
		Remedy:    "take the variable by secretKeyRef from the Secret that has it",
		Reference: secretsPage,
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
				pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
					pack.Each(r, c, c.At("env").Items(), func(variable pack.Value) {
						value := variable.At("value")
						if !value.Known() || !value.Set() {
							return
						}
						name := variable.At("name").Text()
						if named.MatchString(name) && !setting.MatchString(value.Text()) {
							r.Violated(c, value, "stands here, and is secret by its name")
							return
						}
						if of, found := pack.First(s.Kinds("Secret"), func(one pack.Object) bool {
							return one.Beside(pod.Owner) && slices.Contains(keys(one), name)
						}); found {
							r.Violated(c, value, "stands here, and %s has a key %s", of, name)
						}
					})
				})
			})(s, r)
		},
	},
	{
		Name: "reference-is-not-optional", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:     "a program that starts without its key goes on with an empty one, and nothing tells",
		Remedy:     "remove optional, or list the reference as NAME/KEY in the rule's parameter",
		Reference:  secretsPage + "#restriction-secret-must-exist",
		Parameters: settings.Common("reference-is-not-optional"),
		Stack: pack.OfPods(func(_ *pack.Stack, pod pack.Pod, r *pack.Report) {
			pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
				for _, variable := range c.At("env").Items() {
					required(r, c, variable.At("valueFrom", "secretKeyRef"))
					required(r, c, variable.At("valueFrom", "configMapKeyRef"))
				}
				for _, source := range c.At("envFrom").Items() {
					required(r, c, source.At("secretRef"))
					required(r, c, source.At("configMapRef"))
				}
			})
			pack.Each(r, pod, pod.Spec.At("volumes").Items(), func(volume pack.Value) {
				required(r, pod, volume.At("secret"))
				required(r, pod, volume.At("configMap"))
			})
		}),
	},
	{
		Name: "file-of-a-secret-exists", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
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
	},
})

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

// required checks one reference.
func required(r *pack.Report, subject any, ref pack.Value) {
	if at := ref.At("optional"); at.True() && !slices.Contains(r.List("optional"), ref.At("name").Text()+"/"+ref.At("key").Text()) {
		r.Violated(subject, at, "lets the pod start without it")
	}
}

// keys are those that a Secret of the stack has.
func keys(secret pack.Object) []string {
	return append(secret.At("data").Keys(), secret.At("stringData").Keys()...)
}
