package serve

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"

	"platform/policy/pack"
)

// policyType reports whether a rule checks single resources or whole stacks.
func policyType(rule pack.Rule) pulumirpc.PolicyType {
	if rule.Object != nil {
		return pulumirpc.PolicyType_POLICY_TYPE_RESOURCE
	}
	return pulumirpc.PolicyType_POLICY_TYPE_STACK
}

// info tells the engine of the pack and its rules. The engine sends the levels
// and parameters back, with the user's in their place.
func (p Pack) info() (*pulumirpc.AnalyzerInfo, error) {
	info := &pulumirpc.AnalyzerInfo{Name: p.Name, DisplayName: p.Name, Version: p.Version, Description: p.Description, SupportsConfig: true}
	levels := p.levels()
	for _, rule := range p.Rules {
		schema, err := schemaOf(rule)
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", rule.Name, err)
		}
		about := &pulumirpc.PolicyInfo{
			Name: rule.Name, DisplayName: rule.Name, Description: rule.Reason, Message: rule.Remedy, RemediationSteps: rule.Remedy,
			EnforcementLevel: levelOf(levels[rule.Name]), Severity: severityOf(rule.Severity), PolicyType: policyType(rule),
			Tags: []string{string(rule.Group)}, ConfigSchema: schema,
		}
		if strings.HasPrefix(rule.Reference, "https://") {
			about.Url = rule.Reference
		}
		info.Policies = append(info.Policies, about)
	}
	return info, nil
}

// schemaOf is the JSON schema of a rule's parameters; nil where it has none. It
// has no defaults: the engine would hand them over as if a user had set them, in
// the place of what follows from the stack's configuration.
func schemaOf(rule pack.Rule) (*pulumirpc.PolicyConfigSchema, error) {
	if len(rule.Parameters) == 0 {
		return nil, nil
	}
	properties := map[string]any{}
	for name, fallback := range rule.Parameters {
		property := map[string]any{}
		switch fallback.(type) {
		case int:
			property["type"] = "integer"
		case float64:
			property["type"] = "number"
		case bool:
			property["type"] = "boolean"
		case string:
			property["type"] = "string"
		case []any:
			property["type"], property["items"] = "array", map[string]any{"type": "string"}
		default:
			return nil, fmt.Errorf("parameter %s is a %T, which no configuration can be", name, fallback)
		}
		properties[name] = property
	}
	schema, err := structpb.NewStruct(properties)
	return &pulumirpc.PolicyConfigSchema{Properties: schema}, err
}

func levelOf(level apitype.EnforcementLevel) pulumirpc.EnforcementLevel {
	switch level {
	case apitype.Advisory:
		return pulumirpc.EnforcementLevel_ADVISORY
	case apitype.Disabled:
		return pulumirpc.EnforcementLevel_DISABLED
	default:
		return pulumirpc.EnforcementLevel_MANDATORY
	}
}

// levelNamed is the other way round, for what the engine sends.
func levelNamed(level pulumirpc.EnforcementLevel) apitype.EnforcementLevel {
	switch level {
	case pulumirpc.EnforcementLevel_ADVISORY:
		return apitype.Advisory
	case pulumirpc.EnforcementLevel_MANDATORY:
		return apitype.Mandatory
	case pulumirpc.EnforcementLevel_DISABLED:
		return apitype.Disabled
	case pulumirpc.EnforcementLevel_REMEDIATE:
		return apitype.Remediate
	default:
		return apitype.EnforcementLevel(level.String())
	}
}

func severityOf(severity apitype.PolicySeverity) pulumirpc.PolicySeverity {
	switch severity {
	case apitype.PolicySeverityLow:
		return pulumirpc.PolicySeverity_POLICY_SEVERITY_LOW
	case apitype.PolicySeverityMedium:
		return pulumirpc.PolicySeverity_POLICY_SEVERITY_MEDIUM
	case apitype.PolicySeverityHigh:
		return pulumirpc.PolicySeverity_POLICY_SEVERITY_HIGH
	case apitype.PolicySeverityCritical:
		return pulumirpc.PolicySeverity_POLICY_SEVERITY_CRITICAL
	default:
		return pulumirpc.PolicySeverity_POLICY_SEVERITY_UNSPECIFIED
	}
}
