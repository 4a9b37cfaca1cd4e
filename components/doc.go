// Package components holds the parts of both platforms as Pulumi component
// resources, a package each. A component takes its settings as
// [platform/config] has them, complete and checked, and beside them what the
// program alone knows: outputs of other resources, secrets and what it depends
// on.
//
// The building blocks are [platform/components/object], pod, account, claim,
// service, secret, workload, network and namespace; the others are made of
// them. The tests of all stand here, for most rules hold for every component.
package components
