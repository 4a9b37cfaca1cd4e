//go:build e2e

package page

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"platform/tests/host"
	"platform/tools/review"
)

// pictured is the plan that docs/images/comment.png shows: testdata/picture.json
// is what platformctl review wrote of it, see docs/reviews.md.
func pictured(t *testing.T) []review.Section {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "picture.json"))
	require.NoError(t, err)
	defer file.Close()
	sections, err := review.Read(file)
	require.NoError(t, err)
	return sections
}

// wide has names as long as there are, with and without a place to break.
func wide() []review.Section {
	name := "PersistentVolumeClaim/co2-calculator-production/" + strings.Repeat("postgres-data-of-the-replica-", 5) + "0"
	solid := strings.Repeat("x", 253)
	all := everywhere(name)
	all = append(all, everywhere(solid)...)
	for i := range all {
		all[i].View = review.ViewChange
		for j := range all[i].Risks {
			all[i].Risks[j].Refused = true
		}
	}
	return append(all, mixed()...)
}

// browser runs Chromium without a window.
func browser(t *testing.T, args ...string) []byte {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		host.Lacks(t, "no chromium; tools/servers/install browser installs it")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--hide-scrollbars", "--user-data-dir=" + t.TempDir(),
	}, args...)...).Output()
	require.NoError(t, err)
	return out
}

// serve shows a page at /page, and at / what a script makes of it: the page
// itself lets none run.
func serve(t *testing.T, page, around string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.URL.Path == "/page" {
			fmt.Fprint(w, page)
			return
		}
		fmt.Fprint(w, around)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// measure tells of every element of the page, at each width and with everything
// unfolded, whether it is cut off or outside.
const measure = `<!doctype html><body><script>
const found = [], widths = %s
Promise.all(widths.map(width => new Promise(done => {
  const frame = document.createElement('iframe')
  frame.width = width; frame.height = 30000; frame.style.border = 0; frame.src = '/page'
  frame.onload = () => {
    const page = frame.contentDocument
    let seen = 0
    for (const fold of page.querySelectorAll('details')) fold.open = true
    for (const one of page.querySelectorAll('html, body, body *')) {
      const box = one.getBoundingClientRect()
      if (box.width === 0) continue
      seen++
      if (one.clientWidth > 0 && one.scrollWidth > one.clientWidth || box.right > width + 0.5 || box.left < -0.5)
        found.push(width + ': ' + one.tagName + ' ' + one.scrollWidth + '>' + one.clientWidth + ' ' + box.left + '…' + box.right + ' ' + one.textContent.slice(0, 60))
    }
    if (seen < 50) found.push(width + ': nothing was measured')
    done()
  }
  document.body.append(frame)
}))).then(() => { document.body.innerHTML = ''; document.body.textContent = JSON.stringify(found) })
</script></body>`

func TestNothingIsCutOff(t *testing.T) {
	for name, sections := range map[string][]review.Section{"long names": wide(), "of all kinds": mixed(), "the picture": pictured(t), "a thousand": long()} {
		t.Run(name, func(t *testing.T) {
			page, err := HTML(sections, options)
			require.NoError(t, err)
			dom := browser(t, "--virtual-time-budget=60000", "--dump-dom", serve(t, page, fmt.Sprintf(measure, "[360, 768, 1060, 1600]"))+"/")
			root, err := html.Parse(strings.NewReader(string(dom)))
			require.NoError(t, err)
			var text strings.Builder
			for n := range root.Descendants() {
				if n.Type == html.TextNode {
					text.WriteString(n.Data)
				}
			}
			var found []string
			require.NoError(t, json.Unmarshal([]byte(strings.TrimSpace(text.String())), &found), text.String())
			assert.Empty(t, found)
		})
	}
}

// TestPicture takes the picture of the documentation with -update.
func TestPicture(t *testing.T) {
	sections := pictured(t)
	page, err := HTML(sections, options)
	require.NoError(t, err)
	for _, said := range []string{"⊘ Refused", "redis-data", "blocked"} {
		assert.Contains(t, page, said)
	}
	if *rewrite {
		picture, err := filepath.Abs("../../../docs/images/comment.png")
		require.NoError(t, err)
		browser(t, "--window-size=1060,1180", "--screenshot="+picture, serve(t, page, "")+"/page")
	}
}
