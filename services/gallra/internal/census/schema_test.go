package census_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"gallra.se/services/gallra/internal/census"
)

// schema is what a database has: columns by table, and which table's rows go with those of another.
type schema struct {
	columns  map[string][]string
	cascades map[string][]string
}

func schemaOf(t *testing.T, url string) schema {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	return schema{
		columns: pairs(t, conn, `SELECT c.table_name, c.column_name FROM information_schema.columns AS c
			JOIN information_schema.tables AS b USING (table_schema, table_name)
			WHERE c.table_schema NOT IN ('pg_catalog', 'information_schema') AND b.table_type = 'BASE TABLE' ORDER BY c.table_name, c.ordinal_position`),
		cascades: pairs(t, conn, `SELECT f.table_name, p.table_name FROM information_schema.referential_constraints AS r
			JOIN information_schema.table_constraints AS f USING (constraint_schema, constraint_name)
			JOIN information_schema.table_constraints AS p ON p.constraint_schema = r.unique_constraint_schema AND p.constraint_name = r.unique_constraint_name
			WHERE r.delete_rule = 'CASCADE'`),
	}
}

func pairs(t *testing.T, conn *pgx.Conn, sql string) map[string][]string {
	t.Helper()
	rows, err := conn.Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	var a, b string
	if _, err := pgx.ForEachRow(rows, []any{&a, &b}, func() error { found[a] = append(found[a], b); return nil }); err != nil {
		t.Fatal(err)
	}
	return found
}

// differences are told so that who has added a column knows what to write, and where.
func differences(d census.Database, s schema) (faults []string) {
	file := "services/gallra/internal/census/declared/" + d.File + ", or shared.yaml"
	for name, columns := range s.columns {
		table, declared := d.Table(name)
		if !declared {
			faults = append(faults, fmt.Sprintf("the table %s is not declared: add it with holds, goes, eraser and its columns %v to %s", name, columns, file))
			continue
		}
		for _, column := range columns {
			if _, declared := table.Column(column); !declared {
				faults = append(faults, fmt.Sprintf("the column %s.%s is not declared: add `%s: [no|encrypted|pseudonymous, what it holds]` to %s", name, column, column, file))
			}
		}
		for _, column := range table.Columns {
			if !slices.Contains(columns, column.Name) {
				faults = append(faults, fmt.Sprintf("the column %s.%s is declared and not there: take it out of %s", name, column.Name, file))
			}
		}
		if parent, cascades := strings.CutPrefix(table.Eraser, "cascade "); cascades && !slices.Contains(s.cascades[name], parent) {
			faults = append(faults, fmt.Sprintf("rows of %s do not go with those of %s", name, parent))
		}
	}
	for _, table := range d.Tables {
		if _, there := s.columns[table.Name]; !there && !strings.Contains(table.Name, "*") {
			faults = append(faults, fmt.Sprintf("the table %s is declared and not there: take it out of %s", table.Name, file))
		}
	}
	slices.Sort(faults)
	return faults
}

func TestEveryColumnOfEveryDatabaseIsDeclared(t *testing.T) {
	t.Parallel()
	c := loaded(t)
	looked := 0
	for name, sets := range migrations() {
		declared, there := c.Database(name)
		if !there {
			t.Errorf("the database %s is not declared", name)
			continue
		}
		if len(declared.Names) > 1 && declared.Names[0] != name {
			continue // the same tables
		}
		looked++
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, fault := range differences(declared, schemaOf(t, migrated(t, name, sets))) {
				t.Error(fault)
			}
		})
	}
	if looked < 8 {
		t.Errorf("%d kinds of databases were looked at", looked)
	}
}

func TestAnUndeclaredColumnAndAVanishedOneAreNamed(t *testing.T) {
	t.Parallel()
	d := census.Database{Names: []string{"a"}, Tables: []census.Table{
		{Name: "kept", Eraser: "cascade person", Columns: []census.Column{{Name: "id"}, {Name: "old"}}},
		{Name: "dropped", Columns: []census.Column{{Name: "id"}}},
		{Name: "*_version", Columns: []census.Column{{Name: "id"}}},
	}}
	s := schema{columns: map[string][]string{"kept": {"id", "new"}, "made": {"id"}, "a_version": {"id"}}}
	said := strings.Join(differences(d, s), "\n")
	for _, want := range []string{"kept.new is not declared", "kept.old is declared and not there", "table made is not declared", "table dropped is declared",
		"rows of kept do not go with those of person"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said in:\n%s", want, said)
		}
	}
	if n := strings.Count(said, "\n") + 1; n != 5 {
		t.Errorf("%d faults:\n%s", n, said)
	}
}
