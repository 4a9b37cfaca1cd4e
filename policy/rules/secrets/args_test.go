package secrets

import (
	"testing"

	"platform/policy/packtest"
)

func TestArgs(t *testing.T) {
	packtest.Run(t, args, map[string]packtest.Case{
		"plain":        {Objects: container("command: [server], args: [-p, '9080', --log=debug]")},
		"a flag":       {Objects: container("args: [--db-password=hunter2]"), Want: []string{at + "args[0]"}},
		"two words":    {Objects: container("command: [server, --token, hunter2]"), Want: []string{at + "command[2]"}},
		"a script":     {Objects: container("args: [-c, 'PGPASSWORD=hunter2 psql']"), Want: []string{at + "args[1]"}},
		"near miss":    {Objects: container("args: [--token-file, /run/token, --token, $(TOKEN), --password, '--user=a', --secret=$(A)]")},
		"not a flag":   {Objects: container("args: [token, hunter]")},
		"next but one": {Objects: container("args: [--token, $(TOKEN), hunter]")},
		"a probe":      {Objects: container("livenessProbe: {exec: {command: [redis-cli, --pass, hunter2]}}"), Want: []string{at + "livenessProbe.exec.command[2]"}},
		"a header":     {Objects: container("readinessProbe: {httpGet: {httpHeaders: [{name: X-Api-Key, value: hunter2}, {name: Host, value: a}]}}"), Want: []string{at + "readinessProbe.httpGet.httpHeaders[0].value"}},
		"at the stop":  {Objects: container("lifecycle: {preStop: {exec: {command: [login, 'postgres://a:hunter2@db']}}}"), Want: []string{at + "lifecycle.preStop.exec.command[1]"}},
		"marked":       {Objects: container("args: [<secret>b]"), Want: []string{at + "args[0]"}},
		"absent":       {Objects: container("image: a")},
		"wrong type":   {Objects: container("args: --password=hunter2"), Want: []string{at + "args"}},
		"not known":    {Objects: container("args: [<unknown>, --password=hunter2]"), Undecided: []string{at + "args[0]"}, Want: []string{at + "args[1]"}},
	})
}
