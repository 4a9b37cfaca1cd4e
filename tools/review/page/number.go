package page

import (
	"fmt"
	"strconv"
	"time"

	"platform/tools/review"
)

// count writes a number with separators: 1,000.
func count(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// of writes a number of things: 1 pod, 2 pods.
func of(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return count(n) + " " + thing + "s"
}

var binary = []string{"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"}

// quantity writes a figure as a manifest has it, exactly: 250m, 1.5, 1.5Gi. One
// of another unit is a bare number.
func quantity(c review.Capacity, figure int64) string {
	sign, n := "", figure
	if n < 0 {
		sign, n = "-", -n
	}
	if c.Unit == "millicores" {
		if n%100 != 0 || 0 < n && n < 1000 {
			return fmt.Sprintf("%s%dm", sign, n)
		}
		return sign + decimal(n/100, 10)
	}
	if c.Unit != "bytes" {
		return sign + strconv.FormatInt(n, 10)
	}
	for power := len(binary) - 1; power > 0; power-- {
		unit := int64(1) << (10 * power)
		if n >= unit && n%(unit/4) == 0 { // quarters are short and exact
			return sign + decimal(n/(unit/4)*25, 100) + binary[power]
		}
	}
	return sign + strconv.FormatInt(n, 10)
}

// decimal writes n/scale without needless zeros.
func decimal(n, scale int64) string {
	return strconv.FormatFloat(float64(n)/float64(scale), 'f', -1, 64)
}

// growth writes by how much a figure grows or shrinks.
func growth(c review.Capacity) string {
	delta := c.After - c.Before
	switch {
	case delta > 0:
		return "+" + quantity(c, delta)
	case delta < 0:
		return "−" + quantity(c, -delta)
	}
	return "±0"
}

// lasted writes a duration as a reader counts it.
func lasted(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
