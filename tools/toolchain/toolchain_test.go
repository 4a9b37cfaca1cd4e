package toolchain

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/gofrs/flock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEnsureBuildsOnce(t *testing.T) {
	root, out := newCheckout(t), &buffer{}
	options := Options{Root: filepath.Join(root, "tools", "hello"), Out: out, catalog: []tool{hello}}

	first, err := Ensure(t.Context(), options)
	require.NoError(t, err)
	said, err := exec.Command(first.Path("hello")).CombinedOutput()
	require.NoError(t, err)
	assert.Equal(t, "hello\n", string(said))
	assert.Contains(t, out.String(), "[1/1] hello 1.0.0: building …\n[1/1] hello 1.0.0: done in ")

	t.Setenv("PATH", "") // a second run needs no go command
	again := &buffer{}
	options.Out = again
	second, err := Ensure(t.Context(), options)
	require.NoError(t, err)
	assert.Equal(t, first, second)
	assert.Empty(t, again.String())
	assert.Empty(t, second.Path("kubectl"), "not asked for")
}

func TestEnsureBuildsWhatChanged(t *testing.T) {
	root := newCheckout(t)
	options := Options{Root: root, catalog: []tool{hello}}
	first, err := Ensure(t.Context(), options)
	require.NoError(t, err)
	write(t, filepath.Join(root, "tools", "hello", "main.go"), "package main\n\nfunc main() { println(\"bye\") }\n")
	second, err := Ensure(t.Context(), options)
	require.NoError(t, err)
	assert.NotEqual(t, first.Path("hello"), second.Path("hello"))
	said, err := exec.Command(second.Path("hello")).CombinedOutput()
	require.NoError(t, err)
	assert.Equal(t, "bye\n", string(said))
}

func TestFailedBuildTellsHowToRepeatIt(t *testing.T) {
	root, out := newCheckout(t), &buffer{}
	folder := filepath.Join(root, "tools", "hello")
	write(t, filepath.Join(folder, "main.go"), "package main\n\nfunc main() { wrong() }\n")

	_, err := Ensure(t.Context(), Options{Root: root, Out: out, catalog: []tool{hello}})
	var failed *BuildError
	require.ErrorAs(t, err, &failed)
	assert.Equal(t, "hello 1.0.0", failed.Tool)
	assert.FileExists(t, failed.Log)
	for _, part := range []string{
		"toolchain: hello 1.0.0: exit status 1; repeat it with\n  cd " + folder + " && go build -trimpath",
		"-ldflags '-s -w' -o ", failed.Log + " and ends with\n", "undefined: wrong",
	} {
		assert.Contains(t, err.Error(), part)
	}
	assert.Contains(t, out.String(), "[1/1] hello 1.0.0: failed after ")

	again := exec.Command("sh", "-c", repeat(failed.Folder, failed.Command))
	said, err := again.CombinedOutput()
	require.Error(t, err)
	assert.Contains(t, string(said), "undefined: wrong", "the command can be repeated")
	write(t, filepath.Join(folder, "main.go"), helloSource)
	_, err = Ensure(t.Context(), Options{Root: root, catalog: []tool{hello}})
	require.NoError(t, err, "a failure leaves nothing in the way")
}

func TestEnsureWaitsForAnotherBuild(t *testing.T) {
	root, out := newCheckout(t), &buffer{}
	store := filepath.Join(os.Getenv("PLATFORM_CACHE"), "toolchain")
	require.NoError(t, os.MkdirAll(store, 0o755))
	other := flock.New(filepath.Join(store, "build.lock"))
	require.NoError(t, other.Lock())
	done := make(chan error)
	go func() {
		_, err := Ensure(context.Background(), Options{Root: root, Out: out, catalog: []tool{hello}})
		done <- err
	}()
	require.Eventually(t, func() bool { return out.String() != "" }, 10*time.Second, time.Millisecond)
	assert.Contains(t, out.String(), "another process is building; waiting")
	require.NoError(t, other.Unlock())
	require.NoError(t, <-done)
}

func TestEnsureStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Ensure(ctx, Options{Root: newCheckout(t), catalog: []tool{hello}})
	require.ErrorIs(t, err, context.Canceled)
}

func TestEnsureRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		mutate func(*testing.T, *Options)
		want   string
	}{
		"unknown tool": {func(_ *testing.T, o *Options) { o.Tools = []Name{"hammer"} }, `"hammer" is not a tool; the tools are hello`},
		"no checkout":  {func(t *testing.T, o *Options) { o.Root = t.TempDir() }, `no go.mod of "module platform"`},
		"bad switch": {
			func(t *testing.T, _ *Options) { t.Setenv("PLATFORM_TOOLCHAIN", "official") },
			`PLATFORM_TOOLCHAIN is "official"; set it to "build" or unset it`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			options := Options{Root: newCheckout(t), catalog: []tool{hello}}
			tc.mutate(t, &options)
			_, err := Ensure(t.Context(), options)
			require.ErrorContains(t, err, tc.want)
		})
	}
}
