package reach

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Route is a Service that the edge of a stack leads requests to.
type Route struct {
	Namespace string
	Service   string
	Port      intstr.IntOrString // of the Service, by number or name; 0 and "" mean all
}

// Routed is what the edge leads to of each pod.
func (c *Cluster) Routed() map[*Endpoint]Ports {
	all := map[*Endpoint]Ports{}
	for _, route := range c.Routes {
		for _, service := range c.Services {
			if service.Name != route.Service || service.Namespace != route.Namespace {
				continue
			}
			for _, pod := range c.Pods {
				if selectsPod(service, pod) {
					all[pod] = all[pod].Union(route.target(service, pod))
				}
			}
		}
	}
	return all
}

// target is the ports of a pod behind the ports of the Service that the route
// means.
func (r Route) target(service corev1.Service, pod *Endpoint) Ports {
	var all Ports
	every := r.Port.StrVal == "" && r.Port.IntVal == 0
	for _, port := range service.Spec.Ports {
		number, named := r.Port.Type == intstr.Int && r.Port.IntVal == port.Port, r.Port.StrVal != "" && r.Port.StrVal == port.Name
		if number || named || every {
			all = all.Union(target(port, pod))
		}
	}
	return all
}
