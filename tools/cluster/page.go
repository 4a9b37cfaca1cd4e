package cluster

import (
	"net"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var servicesResource = schema.GroupVersionResource{Version: "v1", Resource: "services"}

// pagePort is the port of a platform's pages.
const pagePort = 443

// servedAt is the address of a Service of type LoadBalancer that serves pages.
func servedAt(object *unstructured.Unstructured) (string, bool) {
	var service corev1.Service
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &service); err != nil {
		return "", false
	}
	for _, port := range service.Spec.Ports {
		if port.Port != pagePort {
			continue
		}
		for _, ingress := range service.Status.LoadBalancer.Ingress {
			if ingress.IP != "" {
				return net.JoinHostPort(ingress.IP, strconv.Itoa(pagePort)), true
			}
		}
	}
	return "", false
}
