package toolchain

import "os"

// languageHostWrapper hands on what a language host of this version knows only
// as flags, which today's CLI no longer passes: a program that is linked
// already, or where to keep it, so that it is linked when it changed and not at
// every run.
const languageHostWrapper = `#!/bin/sh
if [ -n "$PLATFORM_PROGRAM" ]; then
	set -- -binary "$PLATFORM_PROGRAM" "$@"
elif [ -n "$PLATFORM_BUILD_TARGET" ]; then
	set -- -buildTarget "$PLATFORM_BUILD_TARGET" "$@"
fi
exec "${0%/*}/../libexec/pulumi-language-go" "$@"
`

// writeWrapper installs a script beside the other programs.
func writeWrapper(path, script string) error {
	return os.WriteFile(path, []byte(script), 0o755)
}
