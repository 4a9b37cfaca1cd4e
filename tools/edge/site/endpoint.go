package site

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// index finds the objects that others name.
type index struct {
	services map[string]*corev1.Service
	slices   map[string][]*discoveryv1.EndpointSlice // by their Service
	secrets  map[string]*corev1.Secret
}

func indexOf(objects Objects) index {
	in := index{map[string]*corev1.Service{}, map[string][]*discoveryv1.EndpointSlice{}, map[string]*corev1.Secret{}}
	for _, one := range objects.Services {
		in.services[one.Namespace+"/"+one.Name] = one
	}
	for _, one := range objects.Slices {
		key := one.Namespace + "/" + one.Labels[discoveryv1.LabelServiceName]
		in.slices[key] = append(in.slices[key], one)
	}
	for _, one := range objects.Secrets {
		in.secrets[one.Namespace+"/"+one.Name] = one
	}
	return in
}

// backend is a Service behind a path.
type backend struct {
	namespace string
	service   string
	port      intstr.IntOrString // number or name of the Service's port
	target    bool               // port is the pods' own; the zero value takes the Service's first
	weight    int                // among the backends of the path
}

// upstream notes the pods of the backends under a name of their own.
func (b *builder) upstream(object Object, backends ...backend) string {
	var names []string
	var all []Endpoint
	for _, one := range backends {
		names = append(names, fmt.Sprintf("%s_%s_%s", one.namespace, one.service, one.port.String()))
		if len(backends) > 1 {
			names[len(names)-1] += "_" + strconv.Itoa(one.weight)
		}
		addresses, err := b.index.addresses(one)
		if err != nil {
			b.missing(object, "service %q: %s", one.service, err)
		}
		for _, address := range addresses {
			all = append(all, Endpoint{address, share(one.weight, len(backends), len(addresses))})
		}
	}
	name := strings.Join(names, "__")
	b.upstreams[name] = Upstream{name, slices.DeleteFunc(all, func(e Endpoint) bool { return e.Weight == 0 })}
	return name
}

// share is the weight of one of the pods of a backend.
func share(weight, backends, pods int) int {
	const steps = 100 // that a backend's weight is split into among its pods
	switch {
	case weight <= 0:
		return 0
	case backends == 1:
		return 1
	default:
		return max(1, weight*steps/pods)
	}
}

// addresses are the pods of a Service that take requests. When none is ready,
// those are that still answer while they end: better a late answer than none.
func (in index) addresses(of backend) ([]string, error) {
	key := of.namespace + "/" + of.service
	service := in.services[key]
	if service == nil {
		return nil, errors.New("there is none of that name")
	}
	if service.Spec.Type == corev1.ServiceTypeExternalName {
		return nil, errors.New("is the name of a host outside, which is not served here")
	}
	port, err := servicePort(service, of)
	if err != nil {
		return nil, err
	}
	var ready, ending []string
	for _, slice := range in.slices[key] {
		number := slicePort(slice, port)
		if number == 0 || slice.AddressType == discoveryv1.AddressTypeFQDN {
			continue
		}
		for _, one := range slice.Endpoints {
			for _, address := range one.Addresses {
				where := net.JoinHostPort(address, strconv.Itoa(number))
				switch {
				case one.Conditions.Ready == nil || *one.Conditions.Ready:
					ready = append(ready, where)
				case one.Conditions.Serving != nil && *one.Conditions.Serving:
					ending = append(ending, where)
				}
			}
		}
	}
	if len(ready) == 0 {
		ready = ending
	}
	slices.Sort(ready)
	return slices.Compact(ready), nil
}

// servicePort finds the port of a Service that is meant.
func servicePort(service *corev1.Service, of backend) (corev1.ServicePort, error) {
	for _, port := range service.Spec.Ports {
		var meant bool
		switch {
		case of.target && of.port.Type == intstr.Int && of.port.IntVal == 0:
			meant = true
		case of.target:
			meant = port.TargetPort == of.port || port.Name == of.port.StrVal && of.port.Type == intstr.String
		case of.port.Type == intstr.String:
			meant = port.Name == of.port.StrVal
		default:
			meant = port.Port == of.port.IntVal
		}
		if meant && cmp.Or(port.Protocol, corev1.ProtocolTCP) == corev1.ProtocolTCP {
			return port, nil
		}
	}
	return corev1.ServicePort{}, fmt.Errorf("has no TCP port %s", of.port.String())
}

// slicePort is the pods' port of a Service's port; 0 if the slice has none.
func slicePort(slice *discoveryv1.EndpointSlice, port corev1.ServicePort) int {
	for _, one := range slice.Ports {
		name := ""
		if one.Name != nil {
			name = *one.Name
		}
		if name == port.Name && one.Port != nil {
			return int(*one.Port)
		}
	}
	return 0
}
