package serve

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/pack"
)

type policyConfig = map[string]plugin.AnalyzerPolicyConfig

func TestLevelsDecide(t *testing.T) {
	for name, tc := range map[string]struct {
		own    apitype.EnforcementLevel
		config string
		want   apitype.EnforcementLevel
	}{
		"the rule's own":        {apitype.Advisory, "", apitype.Advisory},
		"the pack's":            {"", "", apitype.Mandatory},
		"of all":                {apitype.Mandatory, `{"all": "advisory"}`, apitype.Advisory},
		"of the rule":           {apitype.Mandatory, `{"at": "advisory"}`, apitype.Advisory},
		"of the rule over all":  {apitype.Mandatory, `{"all": "disabled", "at": "advisory"}`, apitype.Advisory},
		"of the rule, in full":  {apitype.Mandatory, `{"at": {"enforcementLevel": "advisory", "most": 4}}`, apitype.Advisory},
		"only its parameters":   {apitype.Advisory, `{"at": {"most": 4}}`, apitype.Advisory},
		"parameters, all other": {apitype.Mandatory, `{"all": "advisory", "at": {"most": 4}}`, apitype.Advisory},
		"switched off":          {apitype.Mandatory, `{"at": "disabled"}`, apitype.Disabled},
		"switched on":           {apitype.Disabled, `{"at": "mandatory"}`, apitype.Mandatory},
		"of another":            {apitype.Mandatory, `{"count": "disabled"}`, apitype.Mandatory},
	} {
		t.Run(name, func(t *testing.T) {
			rule := at("at")
			rule.Level = tc.own
			settings, err := ReadSettings([]byte(tc.config))
			require.NoError(t, err)
			levels, _, err := packOf(rule, counting("count")).apply(settings)
			require.NoError(t, err)
			assert.Equal(t, tc.want, levels["at"])
		})
	}
}

func TestLevelsReachTheEngine(t *testing.T) {
	for level, want := range map[apitype.EnforcementLevel][]string{
		apitype.Mandatory: {broken},
		apitype.Advisory:  {"advisory" + broken[len("mandatory"):]},
		apitype.Disabled:  nil,
	} {
		e := serving(t, packOf(at("at"))).of("test")
		require.NoError(t, e.Configure(t.Context(), policyConfig{"at": {EnforcementLevel: level}, "all": {EnforcementLevel: apitype.Advisory}}))
		assert.Equal(t, want, e.says(with(text("bad"))), level)
	}
}

// What the rule knows as an int arrives as one, though the protocol has floats
// alone.
func TestParametersKeepTheirTypes(t *testing.T) {
	rule := at("at")
	rule.Object = func(o pack.Object, r *pack.Report) {
		r.Violated(o, pack.Value{}, "%d %g %t %s %v", pack.Parameter[int](r, "most"), pack.Parameter[float64](r, "share"),
			pack.Parameter[bool](r, "strict"), pack.Parameter[string](r, "word"), r.List("names"))
	}
	e := serving(t, packOf(rule)).of("test")
	assert.Contains(t, e.says(nil)[0], ": 3 0.5 false x [bad];")
	require.NoError(t, e.Configure(t.Context(), policyConfig{"at": {EnforcementLevel: apitype.Mandatory, Properties: map[string]any{
		"most": 4, "share": 1.0, "strict": true, "word": "y", "names": []any{"a", "b"},
	}}}))
	assert.Contains(t, e.says(nil)[0], ": 4 1 true y [a b];")
	require.NoError(t, e.Configure(t.Context(), policyConfig{"at": {EnforcementLevel: apitype.Mandatory, Properties: map[string]any{"names": []any{}}}}))
	assert.Contains(t, e.says(nil)[0], ": 3 0.5 false x [];", "those not named have their defaults")
}

func TestMistakesInAConfigurationAreOneError(t *testing.T) {
	for name, tc := range map[string]struct {
		config string
		want   []string
	}{
		"unknown rule":      {`{"nonesuch": "advisory"}`, []string{"1 errors", "make policy-list", "rule nonesuch: there is none of this name"}},
		"unknown parameter": {`{"at": {"least": 1}}`, []string{"rule at: it has no parameter least; it has most, names, share, strict, word"}},
		"no parameters":     {`{"count": {"least": 1}}`, []string{"rule count: it has no parameter least; it has none at all"}},
		"of all":            {`{"all": {"most": 1}}`, []string{"rule all: there is none of this name"}},
		"not a whole one":   {`{"at": {"most": 1.5}}`, []string{"rule at: parameter most is a whole number"}},
		"not a number":      {`{"at": {"share": "1"}}`, []string{"rule at: parameter share is a number"}},
		"not a truth":       {`{"at": {"strict": "true"}}`, []string{"rule at: parameter strict is true or false"}},
		"not a text":        {`{"at": {"word": 1}}`, []string{"rule at: parameter word is a text"}},
		"not a list":        {`{"at": {"names": "bad"}}`, []string{"rule at: parameter names is a list of texts"}},
		"not a text in it":  {`{"at": {"names": ["bad", 1]}}`, []string{"rule at: parameter names is a list of texts"}},
		"null":              {`{"at": {"most": null}}`, []string{"rule at: parameter most is a whole number"}},
		"remediate":         {`{"at": "remediate"}`, []string{"rule at: this pack changes no resource", "advisory, mandatory or disabled"}},
		"remediate all":     {`{"all": "remediate"}`, []string{"rule all: this pack changes no resource"}},
		"unknown level":     {`{"at": "strict"}`, []string{`rule at: level "strict" is not one of advisory, mandatory or disabled`}},
		"several": {
			`{"nonesuch": "advisory", "at": {"enforcementLevel": "remediate", "least": 1, "most": "3"}}`,
			[]string{"4 errors", "rule at: this pack", "no parameter least", "parameter most is", "rule nonesuch"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			settings, err := ReadSettings([]byte(tc.config))
			require.NoError(t, err)
			err = packOf(at("at"), counting("count")).Check(settings)
			require.Error(t, err)
			for _, want := range tc.want {
				assert.ErrorContains(t, err, want)
			}
		})
	}
}

func TestMistakesReachTheEngine(t *testing.T) {
	e := serving(t, packOf(at("at"))).of("test")
	err := e.Configure(t.Context(), policyConfig{
		"nonesuch": {EnforcementLevel: apitype.Advisory},
		"at":       {EnforcementLevel: apitype.Remediate, Properties: map[string]any{"most": "3"}},
	})
	for _, want := range []string{"3 errors", "rule nonesuch", "rule at: this pack changes no resource", "parameter most is a whole number"} {
		require.ErrorContains(t, err, want)
	}
	assert.Equal(t, []string{broken}, e.says(with(text("bad"))), "what was in force stays")
}

func TestConfigurationsAreRead(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		want Settings
		err  string
	}{
		"empty":          {" \n", nil, ""},
		"nothing":        {"{}", Settings{}, ""},
		"a level":        {`{"at": "advisory"}`, Settings{"at": {Level: apitype.Advisory, Parameters: nil}}, ""},
		"both":           {`{"at": {"enforcementLevel": "disabled", "most": 1}}`, Settings{"at": {apitype.Disabled, map[string]any{"most": 1.0}}}, ""},
		"environments":   {`{"environments": ["team/policy"]}`, Settings{}, ""},
		"no JSON":        {`at: advisory`, nil, "is no JSON object of rules"},
		"a list":         {`["at"]`, nil, "is no JSON object of rules"},
		"a number":       {`{"at": 1}`, nil, "rule at: name a level, or an object of enforcementLevel and parameters"},
		"level a number": {`{"at": {"enforcementLevel": 1}}`, nil, "rule at: enforcementLevel is a text: advisory, mandatory or disabled"},
	} {
		t.Run(name, func(t *testing.T) {
			settings, err := ReadSettings([]byte(tc.text))
			if tc.err != "" {
				assert.ErrorContains(t, err, tc.err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tc.want, settings)
		})
	}
}

// A parameter of a type that no configuration can have is the rule's error,
// which the first start tells.
func TestParametersAreOfKnownTypes(t *testing.T) {
	rule := at("at")
	rule.Parameters = map[string]any{"names": []string{"bad"}}
	_, err := serving(t, packOf(rule)).GetAnalyzerInfo(t.Context())
	assert.ErrorContains(t, err, "rule at: parameter names is a []string, which no configuration can be")
}
