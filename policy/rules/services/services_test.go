package services

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/policy/pack"
	"platform/tests/packtest"
)

func TestAddressField(t *testing.T) {
	packtest.Run(t, packtest.Named(Rules, "service-asks-for-its-address-by-annotation"), map[string]packtest.Case{
		"annotation": {Objects: balancer},
		"none":       {Objects: service},
		"field":      {Objects: but(balancer, "type: LoadBalancer", "type: LoadBalancer\n  loadBalancerIP: 10.0.0.5"), Want: []string{"Service/lb: spec.loadBalancerIP"}},
		"no type":    {Objects: but(balancer, "type: LoadBalancer", "type: NodePort"), Want: []string{"Service/lb: spec.type"}},
		"absent":     {Objects: but(balancer, "type: LoadBalancer", "sessionAffinity: None"), Want: []string{"Service/lb: spec.type"}},
		"wrong type": {Objects: but(balancer, "type: LoadBalancer", "loadBalancerIP: 1"), Want: []string{"Service/lb: spec.loadBalancerIP"}},
		"not known":  {Objects: but(balancer, "type: LoadBalancer", "type: <unknown>"), Undecided: []string{"Service/lb: spec.type"}},
	})
}

func TestBlockOf(t *testing.T) {
	for text, want := range map[string]string{
		"10.0.0.1-10.0.0.9": "10.0.0.1-10.0.0.9", "10.0.0.1 - 10.0.0.1": "10.0.0.1-10.0.0.1",
		"10.0.0.7/30": "10.0.0.4-10.0.0.7", "10.0.0.7/32": "10.0.0.7-10.0.0.7", "0.0.0.0/0": "0.0.0.0-255.255.255.255",
		"fd00::/126":        "fd00::-fd00::3",
		"10.0.0.9-10.0.0.1": "", "10.0.0.1": "", "10.0.0.1-fd00::1": "", "": "", "10.0.0.0/33": "", "a-b": "",
	} {
		got, ok := blockOf(text)
		assert.Equal(t, want != "", ok, text)
		if ok {
			assert.Equal(t, want, got.From().String()+"-"+got.To().String())
		}
	}
}

func TestAllowedType(t *testing.T) {
	const at = "Service/api: spec.type"
	with := func(kind string) string { return but(service, "type: ClusterIP", kind) }
	allowed := map[string]any{"types": []any{"NodePort"}}
	packtest.Run(t, packtest.Named(Rules, "service-stays-in-the-cluster"), map[string]packtest.Case{
		"inside":         {Objects: service},
		"absent":         {Objects: with("clusterIP: None")},
		"node port":      {Objects: with("type: NodePort"), Want: []string{at}},
		"load balancer":  {Objects: balancer, Want: []string{"Service/lb: spec.type"}},
		"another's name": {Objects: with("type: ExternalName"), Want: []string{at}},
		"by parameter":   {Objects: with("type: NodePort"), Parameters: allowed},
		"not by it":      {Objects: with("clusterIP: None"), Parameters: allowed, Want: []string{at}},
		"wrong type":     {Objects: with("type: 1"), Want: []string{at}},
		"not known":      {Objects: with("type: <unknown>"), Undecided: []string{at}},
	})
}

func TestAnnouncementNamed(t *testing.T) {
	const at = "L2Advertisement/l2: spec.ipAddressPools"
	packtest.Run(t, packtest.Named(Rules, "announcement-names-its-pools"), map[string]packtest.Case{
		"named":      {Objects: advertisement},
		"none":       {Objects: but(advertisement, "[pool]", "[]"), Want: []string{at}},
		"by labels":  {Objects: but(advertisement, "ipAddressPools: [pool]", "ipAddressPoolSelectors: [{matchLabels: {team: a}}]")},
		"absent":     {Objects: but(advertisement, "ipAddressPools: [pool]", "interfaces: [eth0]"), Want: []string{at}},
		"wrong type": {Objects: but(advertisement, "[pool]", "pool"), Want: []string{at}},
		"not known":  {Objects: but(advertisement, "[pool]", "<unknown>"), Undecided: []string{at}},
	})
}

func TestBalancerNodePorts(t *testing.T) {
	const at = "Service/lb: spec.allocateLoadBalancerNodePorts"
	with := func(value string) string {
		return but(balancer, "allocateLoadBalancerNodePorts: false", "allocateLoadBalancerNodePorts: "+value)
	}
	packtest.Run(t, packtest.Named(Rules, "load-balancer-takes-no-node-ports"), map[string]packtest.Case{
		"off":        {Objects: balancer},
		"on":         {Objects: with("true"), Want: []string{at}},
		"absent":     {Objects: with("null"), Want: []string{at}},
		"chosen":     {Objects: but(balancer, "port: 443", "port: 443, nodePort: 30443"), Want: []string{"Service/lb: spec.ports[1].nodePort"}},
		"wrong type": {Objects: with("'false'"), Want: []string{at}},
		"not known":  {Objects: with("<unknown>"), Undecided: []string{at}},
		"inside":     {Objects: service},
	})
}

func TestBalancerPorts(t *testing.T) {
	const at = "Service/lb: spec.ports"
	with := func(ports string) string {
		return but(balancer, "[{name: http, port: 80}, {name: https, port: 443}]", ports)
	}
	some := map[string]any{"ports": []any{"80", "443-444"}}
	packtest.Run(t, packtest.Named(Rules, "load-balancer-opens-what-is-declared"), map[string]packtest.Case{
		"exactly":        {Objects: with("[{port: 80}, {port: 443}, {port: 444, protocol: TCP}]"), Parameters: some},
		"one more":       {Objects: with("[{port: 80}, {port: 443}, {port: 444}, {port: 445}]"), Parameters: some, Want: []string{at}},
		"one less":       {Objects: balancer, Parameters: some, Want: []string{at}},
		"by UDP":         {Objects: with("[{port: 80}, {port: 443}, {port: 444, protocol: UDP}]"), Parameters: some, Want: []string{at}},
		"of the default": {Objects: balancer, Want: []string{at}}, // which opens none
		"absent":         {Objects: with("null"), Parameters: some, Want: []string{at}},
		"another address": {
			Objects: balancer, Parameters: map[string]any{"ports": []any{"80", "443"}, "address": "10.255.0.1"},
			Want: []string{"Service/lb: metadata.annotations.metallb.io/loadBalancerIPs"},
		},
		"inside":     {Objects: service},
		"wrong type": {Objects: with("[{port: http}]"), Parameters: some, Want: []string{at + "[0].port"}},
		"not known":  {Objects: with("[{port: 80}, {port: <unknown>}]"), Parameters: some, Undecided: []string{at + "[1].port"}},
		"more, and one not known": {
			Objects: with("[{port: 22}, {port: <unknown>}]"), Parameters: some,
			Undecided: []string{at + "[1].port"}, Want: []string{at},
		},
		"type not known": {Objects: but(balancer, "type: LoadBalancer", "type: <unknown>"), Undecided: []string{"Service/lb: spec.type"}},
	})
}

func TestBalancerPortsSaysWhich(t *testing.T) {
	p := pack.Pack{Rules: []pack.Rule{packtest.With(packtest.Named(Rules, "load-balancer-opens-what-is-declared"), map[string]any{"ports": []any{"80", "443", "2222", "8000-8999"}})}}
	ports := "[{port: 80}, {port: 443}, {port: 2222}, {port: 8000}, {port: 9000}, {port: 9001}]"
	var said []string
	for _, finding := range p.CheckObject(packtest.Objects(t, but(balancer, "[{name: http, port: 80}, {name: https, port: 443}]", ports))[0]) {
		said = append(said, finding.Why)
	}
	assert.Equal(t, []string{"opens 9000-9001, which is not declared", "lacks 8001-8999, which is declared"}, said)
}

func TestExternalIPs(t *testing.T) {
	const at = "Service/api: spec.externalIPs"
	with := func(ips string) string { return but(service, "type: ClusterIP", "externalIPs: "+ips) }
	packtest.Run(t, packtest.Named(Rules, "service-takes-no-external-ips"), map[string]packtest.Case{
		"absent":      {Objects: service},
		"none":        {Objects: with("[]")},
		"one":         {Objects: with("[10.0.0.1]"), Want: []string{at}},
		"wrong type":  {Objects: with("10.0.0.1"), Want: []string{at}},
		"not known":   {Objects: with("<unknown>"), Undecided: []string{at}},
		"one unknown": {Objects: with("[<unknown>]"), Want: []string{at}},
	})
}

const api = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: a}
spec:
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]}]}
`

const service = `
apiVersion: v1
kind: Service
metadata: {name: api, namespace: a}
spec:
  type: ClusterIP
  selector: {app: api}
  ports: [{name: http, port: 80, targetPort: http}]
`

const balancer = `
apiVersion: v1
kind: Service
metadata: {name: lb, namespace: a, annotations: {metallb.io/loadBalancerIPs: 10.0.0.5}}
spec:
  type: LoadBalancer
  allocateLoadBalancerNodePorts: false
  selector: {app: api}
  ports: [{name: http, port: 80}, {name: https, port: 443}]
`

const pool = `
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {name: pool, namespace: m, labels: {x: a}}
spec: {addresses: [10.0.0.1-10.0.0.9, 10.1.0.0/30]}
`

const advertisement = `
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata: {name: l2, namespace: m}
spec: {ipAddressPools: [pool]}
`

// of joins documents, and but replaces texts of one.
var of, but = packtest.Join, packtest.But

func TestHasSelector(t *testing.T) {
	const at = "Service/api: spec.selector"
	packtest.Run(t, packtest.Named(Rules, "service-selects-its-pods"), map[string]packtest.Case{
		"selects":    {Objects: service},
		"absent":     {Objects: but(service, "selector: {app: api}", "clusterIP: None"), Want: []string{at}},
		"empty":      {Objects: but(service, "{app: api}", "{}"), Want: []string{at}},
		"alias":      {Objects: but(service, "ClusterIP", "ExternalName"), Want: []string{"Service/api: spec.type"}},
		"wrong type": {Objects: but(service, "{app: api}", "api"), Want: []string{at}},
		"not known":  {Objects: but(service, "{app: api}", "<unknown>"), Undecided: []string{at}},
	})
}

func TestNodePortFixed(t *testing.T) {
	const at = "Service/api: spec.ports[0].nodePort"
	with := func(value string) string {
		return but(service, "ClusterIP", "NodePort", "port: 80", "port: 80, nodePort: "+value)
	}
	packtest.Run(t, packtest.Named(Rules, "node-port-is-fixed"), map[string]packtest.Case{
		"fixed":      {Objects: with("30900")},
		"in cluster": {Objects: service},
		"absent":     {Objects: but(service, "ClusterIP", "NodePort"), Want: []string{at}},
		"zero":       {Objects: with("0"), Want: []string{at}},
		"wrong type": {Objects: with("'30900'"), Want: []string{at}},
		"not known":  {Objects: with("<unknown>"), Undecided: []string{at}},
	})
}

func TestPoolAnnounced(t *testing.T) {
	const at = "IPAddressPool/pool: spec.addresses"
	with := func(spec string) string { return of(pool, but(advertisement, "{ipAddressPools: [pool]}", spec)) }
	packtest.Run(t, packtest.Named(Rules, "address-pool-is-announced"), map[string]packtest.Case{
		"announced":         {Objects: of(pool, advertisement)},
		"by BGP":            {Objects: of(pool, but(advertisement, "L2Advertisement", "BGPAdvertisement"))},
		"absent":            {Objects: pool, Want: []string{at}},
		"another pool":      {Objects: with("{ipAddressPools: [other]}"), Want: []string{at, "L2Advertisement/l2: spec.ipAddressPools[0]"}},
		"all pools":         {Objects: with("{}")},
		"another namespace": {Objects: of(pool, but(advertisement, "namespace: m", "namespace: o")), Want: []string{at, "L2Advertisement/l2: spec.ipAddressPools[0]"}},
		"by label":          {Objects: with("{ipAddressPoolSelectors: [{matchLabels: {x: a}}]}")},
		"by another label":  {Objects: with("{ipAddressPoolSelectors: [{matchLabels: {x: b}}]}"), Want: []string{at}},
		"wrong type":        {Objects: with("{ipAddressPools: pool}"), Want: []string{"IPAddressPool/pool: spec.ipAddressPools", "L2Advertisement/l2: spec.ipAddressPools"}},
		"not known":         {Objects: with("{ipAddressPools: <unknown>}"), Undecided: []string{"IPAddressPool/pool: spec.ipAddressPools", "L2Advertisement/l2: spec.ipAddressPools"}},
	})
}

func TestPoolSmall(t *testing.T) {
	const at = "IPAddressPool/pool: spec.addresses[0]"
	with := func(addresses string) string { return but(pool, "10.0.0.1-10.0.0.9, 10.1.0.0/30", addresses) }
	packtest.Run(t, packtest.Named(Rules, "pool-is-small-and-private"), map[string]packtest.Case{
		"small":      {Objects: pool},
		"just":       {Objects: with("10.0.0.1-10.0.0.64")},
		"one more":   {Objects: with("10.0.0.1-10.0.0.65"), Want: []string{at}},
		"a network":  {Objects: with("10.0.0.0/25"), Want: []string{at}},
		"everywhere": {Objects: with("0.0.0.0/0"), Want: []string{at}},
		"public":     {Objects: with("192.0.2.0/30"), Want: []string{at}},
		"no range":   {Objects: with("10.0.0.1"), Want: []string{at}},
		"absent":     {Objects: but(pool, "addresses: [10.0.0.1-10.0.0.9, 10.1.0.0/30]", "autoAssign: true"), Want: []string{"IPAddressPool/pool: spec.addresses"}},
		"wrong type": {Objects: with("1"), Want: []string{at}},
		"not known":  {Objects: with("<unknown>"), Undecided: []string{at}},
	})
}

func TestRanges(t *testing.T) {
	read := ranges([]string{"443", "8000-8002"})
	assert.Equal(t, []int{443, 8000, 8001, 8002}, read.ports())
	assert.Equal(t, "443, 8000-8002", read.String())
	for port, held := range map[int]bool{442: false, 443: true, 444: false, 7999: false, 8000: true, 8002: true, 8003: false} {
		assert.Equal(t, held, read.hold(port), port)
	}
	assert.Equal(t, "80, 82-84", collect([]int{84, 82, 80, 83, 82}).String())
	for _, wrong := range []string{"", "http", "0", "65536", "9-8", "8000-"} {
		assert.Panics(t, func() { ranges([]string{wrong}) }, wrong)
	}
}

func TestReadyPods(t *testing.T) {
	const at = "Service/api: spec.publishNotReadyAddresses"
	with := func(value string) string { return but(service, "type: ClusterIP", "publishNotReadyAddresses: "+value) }
	packtest.Run(t, packtest.Named(Rules, "service-leads-to-ready-pods"), map[string]packtest.Case{
		"absent":     {Objects: service},
		"off":        {Objects: with("false")},
		"on":         {Objects: with("true"), Want: []string{at}},
		"for peers":  {Objects: with("true\n  clusterIP: None")},
		"wrong type": {Objects: with("'true'"), Want: []string{at}},
		"not known":  {Objects: with("<unknown>"), Undecided: []string{at}},
	})
}

func TestSelectsPods(t *testing.T) {
	const at = "Service/api: spec.selector"
	packtest.Run(t, packtest.Named(Rules, "service-leads-to-pods"), map[string]packtest.Case{
		"pods":              {Objects: of(api, service)},
		"none":              {Objects: service, Want: []string{at}},
		"other pods":        {Objects: of(but(api, "app: api", "app: web"), service), Want: []string{at}},
		"another namespace": {Objects: of(but(api, "namespace: a", "namespace: b"), service), Want: []string{at}},
		"more labels":       {Objects: of(api, but(service, "{app: api}", "{app: api, tier: x}")), Want: []string{at}},
		"a Job's pods":      {Objects: of(but(api, "Deployment", "Job"), service), Want: []string{at}},
		"a DaemonSet":       {Objects: of(but(api, "Deployment", "DaemonSet"), service)},
		"absent":            {Objects: but(service, "selector: {app: api}", "clusterIP: None")},
		"empty":             {Objects: but(service, "selector: {app: api}", "selector: {}")},
		"wrong type":        {Objects: of(api, but(service, "selector: {app: api}", "selector: api")), Want: []string{at}},
		"not known":         {Objects: of(api, but(service, "app: api", "app: <unknown>")), Undecided: []string{at + ".app"}},
		"labels unknown":    {Objects: of(but(api, "app: api", "app: <unknown>"), service), Undecided: []string{"Service/api: spec.template.metadata.labels.app"}},
		"others unknown":    {Objects: of(but(api, "app: api", "app: <unknown>"), but(api, "name: api,", "name: more,"), service)},
	})
}

func TestTargetPort(t *testing.T) {
	const at = "Service/api: spec.ports[0].targetPort"
	with := func(port string) string {
		return of(api, but(service, "{name: http, port: 80, targetPort: http}", port))
	}
	packtest.Run(t, packtest.With(packtest.Named(Rules, "service-port-is-a-pods-port"), map[string]any{"opened-on-demand": []any{"8000-8999"}}), map[string]packtest.Case{
		"by name":         {Objects: with("{port: 80, targetPort: http}")},
		"by number":       {Objects: with("{port: 80, targetPort: 8080}")},
		"absent":          {Objects: with("{port: 8080}")},
		"absent, other":   {Objects: with("{port: 80}"), Want: []string{"Service/api: spec.ports[0].port"}},
		"another name":    {Objects: with("{port: 80, targetPort: https}"), Want: []string{at}},
		"another number":  {Objects: with("{port: 80, targetPort: 7999}"), Want: []string{at}},
		"far number":      {Objects: with("{port: 80, targetPort: 9090}"), Want: []string{at}},
		"by UDP":          {Objects: with("{port: 53, targetPort: dns, protocol: UDP}")},
		"by TCP":          {Objects: with("{port: 53, targetPort: dns}"), Want: []string{at}},
		"on demand":       {Objects: with("{port: 8999, targetPort: 8999}")},
		"beyond demand":   {Objects: with("{port: 9000, targetPort: 9000}"), Want: []string{at}},
		"by parameter":    {Objects: with("{port: 8500, targetPort: 8500}"), Parameters: map[string]any{"opened-on-demand": []any{"9000"}}, Want: []string{at}},
		"of what is off":  {Objects: of(but(api, "spec:\n  template", "spec:\n  replicas: 0\n  template", "name: http,", "name: web,"), service)},
		"no selector":     {Objects: of(api, but(service, "selector: {app: api}", "clusterIP: None", "targetPort: http", "targetPort: none"))},
		"other pods":      {Objects: of(but(api, "app: api", "app: web", "name: http,", "name: web,"), service)},
		"no pods":         {Objects: service},
		"one of two pods": {Objects: of(api, but(api, "name: api,", "name: more,", "name: http,", "name: web,"), service), Want: []string{at}},
		"wrong type":      {Objects: with("{port: 80, targetPort: true}"), Want: []string{at}},
		"not known":       {Objects: with("{port: 80, targetPort: <unknown>}, {port: 1, targetPort: none}"), Undecided: []string{at}, Want: []string{"Service/api: spec.ports[1].targetPort"}},
		"labels unknown":  {Objects: of(but(api, "app: api", "app: <unknown>"), service), Undecided: []string{"Deployment/api: spec.template.metadata.labels.app"}},
	})
}
