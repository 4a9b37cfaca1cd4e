package reach

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"platform/policy/reach"
)

// The widths of a table, in letters.
const (
	fromWidth = 40 // of who reaches
	cellWidth = 26 // of ports, and of who is reached
	border    = 3  // of a column
)

// Table writes the report for a terminal of a width in letters: the matrix,
// rows from and columns to, with the ports that something listens on; then
// what has changed, and what is not as stated. Who reaches the same shares a
// row. A matrix that is wider comes in parts.
func (r *Report) Table(out io.Writer, width int) {
	fmt.Fprintf(out, "Who reaches whom in stack %s, on ports that something listens on (TCP unless it says otherwise).\n", r.Stack)
	rows := r.rows()
	for _, part := range r.parts(rows, width-fromWidth-2*border) {
		r.part(out, rows, part)
	}
	for _, note := range r.notes() {
		fmt.Fprintln(out, note)
	}
	if r.Base != "" {
		r.changes(out)
	}
	if r.Measured != nil {
		r.measured(out)
	}
	for _, finding := range r.Findings {
		fmt.Fprintln(out, "not as stated:", finding)
	}
	if len(r.Findings) == 0 && r.Platform != "" {
		fmt.Fprintf(out, "All of it is as stated for %s.\n", r.Platform)
	}
}

// parts divides the columns into those that fit beside each other.
func (r *Report) parts(rows []row, width int) [][]string {
	var all [][]string
	left := 0
	for i, name := range r.columns() {
		needs := len(r.short(name))
		for _, one := range rows {
			needs = max(needs, len(one.cells[i]))
		}
		needs = min(needs, cellWidth) + border
		if left -= needs; left < 0 || len(all) == 0 {
			all, left = append(all, nil), width-needs
		}
		all[len(all)-1] = append(all[len(all)-1], name)
	}
	return all
}

// row is who reaches the same.
type row struct {
	names []string
	cells []string // by column
}

// columns are whom anybody reaches at all.
func (r *Report) columns() []string {
	var all []string
	for _, e := range r.Endpoints {
		if slices.ContainsFunc(r.Flows, func(f Flow) bool { return f.To == e.Name && len(f.Open) > 0 }) || r.differs(e.Name) {
			all = append(all, e.Name)
		}
	}
	return all
}

func (r *Report) rows() []row {
	var all []row
	for _, e := range r.Endpoints {
		one := row{names: []string{e.Name}}
		for _, to := range r.columns() {
			one.cells = append(one.cells, r.shown(e.Name, to))
		}
		if same := slices.IndexFunc(all, func(other row) bool { return slices.Equal(other.cells, one.cells) }); same >= 0 {
			all[same].names = append(all[same].names, e.Name)
			continue
		}
		all = append(all, one)
	}
	return slices.DeleteFunc(all, func(one row) bool { return strings.Join(one.cells, "") == "" })
}

func cell(ports reach.Ports) string {
	if len(ports) == 0 {
		return ""
	}
	return strings.ReplaceAll(ports.String(), ",", ", ")
}

// part writes some columns.
func (r *Report) part(out io.Writer, rows []row, columns []string) {
	all := r.columns()
	t := table.NewWriter()
	t.SetOutputMirror(out)
	t.SetStyle(table.StyleLight)
	t.Style().Format.Header = text.FormatDefault
	t.Style().Options.SeparateRows = true
	header := table.Row{"from \\ to"}
	configs := []table.ColumnConfig{{Number: 1, WidthMax: fromWidth, WidthMaxEnforcer: text.WrapSoft}}
	for i, name := range columns {
		header = append(header, r.short(name))
		configs = append(configs, table.ColumnConfig{Number: i + 2, WidthMax: cellWidth, WidthMaxEnforcer: text.WrapSoft})
	}
	t.AppendHeader(header)
	t.SetColumnConfigs(configs)
	for _, one := range rows {
		var names []string
		for _, name := range one.names {
			names = append(names, r.short(name))
		}
		cells := table.Row{strings.Join(names, ", ")}
		for _, name := range columns {
			cells = append(cells, one.cells[slices.Index(all, name)])
		}
		if slices.ContainsFunc(cells[1:], func(cell any) bool { return cell != "" }) {
			t.AppendRow(cells)
		}
	}
	t.Render()
}

// short leaves out the namespace where all pods are in one.
func (r *Report) short(name string) string {
	first := ""
	for _, e := range r.matrix.Endpoints {
		if e.Kind != reach.Pod && e.Kind != reach.Host {
			continue
		}
		if first != "" && first != e.Namespace {
			return name
		}
		first = e.Namespace
	}
	return strings.TrimPrefix(name, first+"/")
}

// notes tell what the table does not show.
func (r *Report) notes() []string {
	notes := []string{"A node always reaches the pods that run on it."}
	if slices.ContainsFunc(r.Endpoints, func(e Endpoint) bool { return e.Kind == reach.Host }) {
		notes = append(notes, fmt.Sprintf("Calico's host endpoints at the nodes are taken as: %s.", r.Hosts))
	}
	return notes
}

// changes writes who newly reaches whom, and who no longer.
func (r *Report) changes(out io.Writer) {
	if len(r.Changes) == 0 {
		fmt.Fprintf(out, "Nobody reaches more or less than in %s.\n", r.Base)
		return
	}
	fmt.Fprintf(out, "Since %s:\n", r.Base)
	t := table.NewWriter()
	t.SetOutputMirror(out)
	t.SetStyle(table.StyleLight)
	t.Style().Format.Header = text.FormatDefault
	t.AppendHeader(table.Row{"", "from", "to", "ports", "because of"})
	for _, one := range r.Changes {
		because := strings.Join(one.Because, ", ")
		for _, line := range []struct {
			what    string
			ports   reach.Ports
			because string
		}{
			{"newly", one.Gained, because}, {"no longer", one.Lost, ""}, {"newly, if something listens", one.Silent, because},
		} {
			if len(line.ports) > 0 {
				t.AppendRow(table.Row{line.what, r.short(one.From), r.short(one.To), cell(line.ports), line.because})
			}
		}
	}
	t.Render()
}
