package toolchain

import "os"

// languageHostWrapper hands the build target to a language host that knows it
// only as a flag, which today's CLI no longer passes. With a target the
// program is linked when it changed, not at every run.
const languageHostWrapper = `#!/bin/sh
[ -n "$PLATFORM_BUILD_TARGET" ] && set -- -buildTarget "$PLATFORM_BUILD_TARGET" "$@"
exec "${0%/*}/../libexec/pulumi-language-go" "$@"
`

// writeWrapper installs a script beside the other programs.
func writeWrapper(path, script string) error {
	return os.WriteFile(path, []byte(script), 0o755)
}
