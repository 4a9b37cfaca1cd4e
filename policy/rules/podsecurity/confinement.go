package podsecurity

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var confinement = pack.Rule{
	Name: "pod-keeps-node-confinement", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "another SELinux context or AppArmor profile than the runtime's takes away what confines the container",
	Remedy:    "leave out seLinuxOptions and appArmorProfile, or use a type of containers and the profile RuntimeDefault or Localhost",
	Reference: baseline,
	Kinds:     pack.PodKinds,
	Parameters: map[string]any{
		"selinuxTypes": []any{"container_t", "container_init_t", "container_kvm_t", "container_engine_t"},
	},
	Object: func(o pack.Object, r *pack.Report) {
		pod, _ := o.Pod()
		pack.Each(r, pod, []pack.Value{pod.Spec.At("securityContext")}, func(context pack.Value) { confined(r, pod, context) })
		annotations := pod.Metadata.At("annotations")
		pack.Each(r, pod, annotations.Keys(), func(key string) {
			if !strings.HasPrefix(key, "container.apparmor.security.beta.kubernetes.io/") {
				return
			}
			if profile := annotations.At(key); !profile.Is("runtime/default") && !strings.HasPrefix(profile.Text(), "localhost/") {
				r.Violated(pod, profile, "has the AppArmor profile %s", profile.Text())
			}
		})
		pack.Each(r, pod, pod.Containers(), func(c pack.Container) { confined(r, c, c.At("securityContext")) })
	},
}

// confined judges the security context of a pod or a container.
func confined(r *pack.Report, subject any, context pack.Value) {
	if profile := context.At("appArmorProfile", "type"); profile.Set() && !profile.Is("RuntimeDefault", "Localhost") {
		r.Violated(subject, profile, "has the AppArmor profile %s", profile.Text())
	}
	options := context.At("seLinuxOptions")
	if kind := options.At("type"); !kind.Is(append(r.List("selinuxTypes"), "")...) {
		r.Violated(subject, kind, "has the SELinux type %s", kind.Text())
	}
	for _, key := range []string{"user", "role"} {
		if setting := options.At(key); setting.Text() != "" {
			r.Violated(subject, setting, "sets the SELinux %s", key)
		}
	}
}
