package secret

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// The bounds within which a run of characters is taken for a random one. Below
// the shortest it may be a word, above the longest it is a file of data: keys
// of such a length have forms of their own.
const (
	shortestRandom = 20
	longestRandom  = 200
	leastEntropy   = 3.5 // bits a character; 20 different ones have 4.3, words and paths about 3
	leastMixing    = 0.4 // changes between kinds of characters; random letters and digits have 0.6, CamelCase 0.3
	leastWide      = 0.5 // the same where signs count, too: names with dashes and paths have 0.4
)

// public are runs of random characters that are no secret: certificates and
// public keys, digests, UUIDs, pictures.
var public = regexp.MustCompile(strings.Join([]string{
	`(?s)-----BEGIN (?:CERTIFICATE|PUBLIC KEY)[A-Z ]*-----.*?-----END [A-Z ]+-----`,
	`\bAAAA[BCE][0-9A-Za-z+/]{40,}=*`,                                         // of SSH
	`\bsha(?:1|256|384|512)[-:][0-9A-Za-z+/_-]+=*`,                            // of images and of scripts
	`\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b`,                // UUIDs
	`data:[\w.+/-]+(?:;[\w=-]+)*;base64,[0-9A-Za-z+/=]+`,                      // whatever the page shows
	`(?:iVBORw0KGgo|R0lGOD|/9j/|PHN2Zy|PD94bWwg|AAABAA|UklGR)[0-9A-Za-z+/=]+`, // PNG, GIF, JPEG, SVG, XML, ICO, WebP
	`https?://[^\s"'?#]+`, // addresses are public, their parameters are not
}, "|"))

// runs are what may be random. A wide one may hold the other characters of
// base64; a path has them too, and is told from it by its mixing.
var (
	run       = regexp.MustCompile(`[0-9A-Za-z]{20,}`)
	wideRun   = regexp.MustCompile(`[0-9A-Za-z+/_-]{32,}=*`)
	hexDigits = regexp.MustCompile(`^(?:[0-9a-f]+|[0-9A-F]+)$`)
)

// HoldsRandom reports whether a text holds what only a generator writes. Digits
// of hexadecimal numbers are taken for a digest: as a secret they need a name
// that says so.
func HoldsRandom(text string) bool {
	if !mayRun(text) { // most texts: looking for what is public takes far longer
		return false
	}
	text = public.ReplaceAllString(text, " ")
	isRandom := func(found string) bool { return random(found, leastMixing) }
	isWide := func(found string) bool { return random(strings.TrimRight(found, "="), leastWide) }
	return slices.ContainsFunc(run.FindAllString(text, -1), isRandom) || slices.ContainsFunc(wideRun.FindAllString(text, -1), isWide)
}

// mayRun reports whether a text has so many characters of runs in a row, of all
// kinds that a random text has, that one may be there.
func mayRun(text string) bool {
	length, kinds := 0, 0
	for i := range len(text) {
		kind := kindOf(rune(text[i]))
		if kind == sign && strings.IndexByte("+/_-", text[i]) < 0 {
			length, kinds = 0, 0
			continue
		}
		length, kinds = length+1, kinds|1<<kind
		if length >= shortestRandom && kinds&mixed == mixed {
			return true
		}
	}
	return false
}

func random(found string, least float64) bool {
	if len(found) < shortestRandom || len(found) > longestRandom || hexDigits.MatchString(found) {
		return false
	}
	kinds := map[int]int{}
	changes := 0
	for i, r := range found {
		kinds[kindOf(r)]++
		if i > 0 && kindOf(r) != kindOf(rune(found[i-1])) {
			changes++
		}
	}
	mixing := float64(changes) / float64(len(found)-1)
	return kinds[upper] > 0 && kinds[lower] > 0 && kinds[digit] > 0 && mixing >= least && entropy(found) >= leastEntropy
}

// The kinds of characters that mixing looks at.
const (
	lower = iota
	upper
	digit
	sign

	mixed = 1<<lower | 1<<upper | 1<<digit
)

func kindOf(r rune) int {
	switch {
	case unicode.IsLower(r):
		return lower
	case unicode.IsUpper(r):
		return upper
	case unicode.IsDigit(r):
		return digit
	}
	return sign
}

// entropy is Shannon's, in bits a character.
func entropy(text string) float64 {
	counts := map[rune]float64{}
	for _, r := range text {
		counts[r]++
	}
	bits, length := 0.0, float64(len(text))
	for _, count := range counts {
		bits -= count / length * math.Log2(count/length)
	}
	return bits
}
