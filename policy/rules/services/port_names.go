package services

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"k8s.io/apimachinery/pkg/util/validation"

	"platform/policy/pack"
)

var portNames = pack.Rule{
	Name: "service-ports-are-told-apart", Group: pack.Services, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "the API server refuses a Service of several ports whose names or numbers are missing, malformed or there twice",
	Remedy:    "give each port a number and a name of its own, of lower-case letters, digits and dashes",
	Reference: documentation + "#multi-port-services",
	Kinds:     []string{"Service"},
	Object: func(o pack.Object, r *pack.Report) {
		ports := o.At("spec", "ports").Items()
		names, numbers := map[string]bool{}, map[string]bool{}
		pack.Each(r, o, ports, func(port pack.Value) {
			name, at := port.At("name").Text(), port.At("name")
			switch {
			case name == "" && len(ports) > 1:
				r.Violated(o, at, "is missing beside other ports")
			case name != "" && len(validation.IsDNS1123Label(name)) > 0:
				r.Violated(o, at, "is %q, which is no name of lower-case letters, digits and dashes", name)
			case names[name]:
				r.Violated(o, at, "is %q, which another port is called", name)
			}
			names[name] = true
			number := fmt.Sprintf("%d/%s", port.At("port").Int(), port.Protocol())
			if len(validation.IsValidPortNum(port.At("port").Int())) > 0 {
				r.Violated(o, port.At("port"), "is %d, which is no port", port.At("port").Int())
			} else if numbers[number] {
				r.Violated(o, port.At("port"), "is %s a second time", number)
			}
			numbers[number] = true
		})
	},
}
