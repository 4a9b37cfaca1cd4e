package config

import (
	"maps"
	"slices"
	"strings"
)

// CoreService is one stateless service of Edd Cloud. What the stack file leaves
// out of a service in the catalogue comes from there, so the stack file says
// what operators decide; a service that is new says all of it.
type CoreService struct {
	Build
	Replicas     int               `key:"replicas"`     // default 1
	NodeSelector map[string]string `key:"nodeSelector"` // none matches every node
	Resources    Resources         `key:"resources"`    // default as the catalogue says, else requests 25m and 64Mi, limits 250m and 256Mi
	Command      []string          `key:"command"`      // none means the image's own
	Args         []string          `key:"args"`
	Port         int               `key:"port"`       // HTTP, of the container; the Service NAME serves it on 80; 0 means none
	GRPCPort     int               `key:"grpcPort"`   // of the container and of the Service; 0 means none
	HealthPath   string            `key:"healthPath"` // empty means that an open port is health enough
	Routes       []ServiceRoute    `key:"routes"`     // by which the gateway leads to Port; none means inside only
	Env          map[string]string `key:"env"`        // nothing secret
	Fields       map[string]string `key:"fields"`     // variables from the pod itself, such as POD_NAME: metadata.name
	Secrets      map[string]string `key:"secrets"`    // variables from Secrets, such as JWT_SECRET: edd-cloud-auth/JWT_SECRET
	User         int               `key:"user"`       // UID, over 0; default 65532
	Writable     []string          `key:"writable"`   // folders that it writes to beside /tmp; 64 MiB each, gone with the pod
	Needs        ServiceNeeds      `key:"needs"`      // before it starts
	Makes        ServiceMakes      `key:"makes"`      // that others need

	// Labels select its pods beside app, and App is that label's value. Only
	// the catalogue sets them, where pods had others than the service's name
	// from the start: a Deployment's selector never changes.
	App    string // default the service's name
	Labels map[string]string
}

// ServiceRoute is one way from the gateway to the service that asks for it.
type ServiceRoute struct {
	Host string `key:"host"` // under the domain, such as docs.cloud.eddisonso.com
	Path string `key:"path"` // prefix; default /
}

const (
	// DefaultCoreUser is a UID that no account has. The services are static
	// binaries, which run as any.
	DefaultCoreUser = 65532
	// DefaultRoutePath leads a whole host.
	DefaultRoutePath = "/"
	// DefaultServicePort is where Services serve HTTP.
	DefaultServicePort = 80
)

var defaultServiceResources = NewResources("25m", "64Mi", "250m", "256Mi") // chosen

func (c *EddCloud) applyServiceDefaults() {
	known := catalogue(c.Domain)
	for name, service := range c.Services {
		service.fill(name, known[name])
		c.Services[name] = service
	}
}

// podFields lists what a variable may have from its pod.
var podFields = []string{
	"metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.podIP",
}

func (c *EddCloud) validateServices(into *collector) {
	known := c.secretKeys()
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		key := "services[" + name + "]"
		service := c.Services[name]
		into.serviceName(key, name, takenComponents)
		service.validate(into, key)
		service.validateVariables(into, key)
		service.validateSecrets(into, key+".secrets", known)
	}
}

func (s CoreService) validate(into *collector, key string) {
	into.runs(key, s.Build, s.Resources, s.NodeSelector)
	into.positive(key+".replicas", s.Replicas)
	s.validatePorts(into, key)
	if s.HealthPath != "" {
		into.path(key+".healthPath", s.HealthPath)
	}
	into.user(key+".user", s.User)
	into.folders(key+".writable", s.Writable)
	if slices.Contains(s.Writable, "/tmp") {
		into.add(key+".writable", "remove it", `"/tmp" is writable anyway`)
	}
}

// validatePorts checks the ports of the container and those of the Service,
// which are the same for gRPC alone.
func (s CoreService) validatePorts(into *collector, key string) {
	if s.Port != 0 {
		into.between(key+".port", s.Port, 1, 65535)
	}
	if s.GRPCPort != 0 {
		into.between(key+".grpcPort", s.GRPCPort, 1, 65535)
	}
	switch {
	case s.GRPCPort != 0 && s.GRPCPort == s.Port:
		into.add(key+".grpcPort", "choose another", "%d is its port already", s.GRPCPort)
	case s.GRPCPort == DefaultServicePort && s.Port != 0:
		into.add(key+".grpcPort", "choose another", "%d is where its Service serves HTTP", s.GRPCPort)
	case s.HealthPath != "" && s.Port == 0:
		into.add(key+".healthPath", "set port, or remove it,", "there is no port to ask it at")
	}
}

// validateVariables checks the names of all variables, and that each has one
// value.
func (s CoreService) validateVariables(into *collector, key string) {
	from := map[string]string{}
	for _, kind := range []struct {
		key       string
		variables map[string]string
	}{{"env", s.Env}, {"fields", s.Fields}, {"secrets", s.Secrets}} {
		at := key + "." + kind.key
		into.variables(at, kind.variables)
		for _, name := range slices.Sorted(maps.Keys(kind.variables)) {
			if first, twice := from[name]; twice {
				into.add(at+"["+name+"]", "remove one of the two", "%q is set under %s already", name, first)
			}
			from[name] = kind.key
		}
	}
	into.literal(key+".env", s.Env)
	for _, name := range slices.Sorted(maps.Keys(s.Fields)) {
		oneOf(into, key+".fields["+name+"]", s.Fields[name], podFields)
	}
}

// validateSecrets checks that each variable refers to a key that exists: with
// one that does not, the pod would never start.
func (s CoreService) validateSecrets(into *collector, key string, known []string) {
	if !into.clean("credentials", "postgres.databases", "tls.secret") {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(s.Secrets)) {
		at, ref := key+"["+name+"]", s.Secrets[name]
		switch {
		case strings.Count(ref, "/") != 1:
			into.add(at, "write it as SECRET/KEY, such as edd-cloud-auth/JWT_SECRET", "%s is not a Secret and a key of it", orEmpty(ref))
		case !slices.Contains(known, ref):
			into.add(at, oneOfThese(ref, known), "%s is no key of a Secret of the platform", quoted(ref))
		}
	}
}

// secretKeys lists every SECRET/KEY that there is.
func (c *EddCloud) secretKeys() []string {
	var known []string
	for _, secret := range c.KubernetesSecrets() {
		for _, key := range secret.Keys {
			known = append(known, secret.Name+"/"+key.Name)
		}
	}
	return known
}
