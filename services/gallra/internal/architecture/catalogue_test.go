package architecture

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gallra.se/events"
)

func TestEveryServiceHandlesWhatTheCatalogueSendsItAndNothingElse(t *testing.T) {
	t.Parallel()
	values, handled := map[string]string{}, map[string][]string{}
	eachFile(t, func(p pkg, _ string, file *ast.File, _ *token.FileSet) {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				if p.ImportPath == contracts {
					constants(n, values)
				}
			case *ast.CompositeLit:
				if service, ok := strings.CutPrefix(p.Module.Path, project+"services/"); ok && isHandlers(n.Type) {
					handled[service] = append(handled[service], keysOf(n)...)
				}
			}
			return true
		})
	})
	if len(handled) < 5 {
		t.Fatalf("handlers were found in %d services only", len(handled))
	}
	for _, event := range events.Catalogue {
		for service, names := range handled {
			listed := slices.Contains(event.Consumers, service)
			handles := slices.ContainsFunc(names, func(name string) bool { return values[name] == event.Type })
			// A watermark has no handler: the bus hears it (bus.ConsumerConfig).
			if listed != handles && event.Type != events.TypeWatermarkPassed {
				t.Errorf("%s: the catalogue sends it to %s: %v, a handler there: %v", event.Name(), service, listed, handles)
			}
		}
		for _, service := range event.Consumers {
			if handled[service] == nil {
				t.Errorf("%s: %s has no handlers at all", event.Name(), service)
			}
		}
	}
}

// constants notes name and value of each string constant.
func constants(spec *ast.ValueSpec, into map[string]string) {
	for i, name := range spec.Names {
		if i >= len(spec.Values) {
			return
		}
		if text, ok := spec.Values[i].(*ast.BasicLit); ok && text.Kind == token.STRING {
			if value, err := strconv.Unquote(text.Value); err == nil {
				into[name.Name] = value
			}
		}
	}
}

// isHandlers says that a type is map[string]bus.Handler.
func isHandlers(t ast.Expr) bool {
	m, ok := t.(*ast.MapType)
	if !ok {
		return false
	}
	value, ok := m.Value.(*ast.SelectorExpr)
	if !ok || value.Sel.Name != "Handler" {
		return false
	}
	from, ok := value.X.(*ast.Ident)
	return ok && from.Name == "bus"
}

// keysOf are the names of constants that a literal's keys are: events.TypeX.
func keysOf(literal *ast.CompositeLit) []string {
	var names []string
	for _, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.SelectorExpr); ok {
				names = append(names, key.Sel.Name)
			}
		}
	}
	return names
}
