package acctest

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Expression is an argument that stands in a configuration as it is, such as a reference.
type Expression string

// Block is a resource in the engines' language, with the arguments that [Managed] takes. A list of maps becomes a
// nested block for each.
func Block(typeName, name string, arguments map[string]any) string {
	return fmt.Sprintf("resource %q %q {\n%s}\n", typeName, name, body(arguments))
}

func body(arguments map[string]any) string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(arguments)) {
		blocks, ok := arguments[name].([]map[string]any)
		if !ok {
			fmt.Fprintf(&text, "%s = %s\n", name, HCL(arguments[name]))
		}
		for _, block := range blocks {
			fmt.Fprintf(&text, "%s {\n%s}\n", name, body(block))
		}
	}
	return text.String()
}

// HCL is an argument in the engines' language.
func HCL(argument any) string {
	value := reflect.ValueOf(argument)
	switch value.Kind() {
	case reflect.Invalid:
		return "null"
	case reflect.Slice:
		var elements []string
		for i := range value.Len() {
			elements = append(elements, HCL(value.Index(i).Interface()))
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case reflect.Map:
		var elements []string
		for key, element := range value.Seq2() {
			elements = append(elements, fmt.Sprintf("%q = %s", key, HCL(element.Interface())))
		}
		return "{ " + strings.Join(elements, ", ") + " }"
	case reflect.String:
		if text, ok := argument.(string); ok {
			return fmt.Sprintf("%q", text)
		}
	default:
	}
	return fmt.Sprint(argument)
}

// Later has the values of arguments as the output of a resource, known only after an apply of that.
type Later struct{ values []string }

// Arguments refer to the values of these. So they do within nested blocks.
func (l *Later) Arguments(known map[string]any) map[string]any {
	unknown := map[string]any{}
	for name, value := range known {
		blocks, ok := value.([]map[string]any)
		if !ok {
			l.values = append(l.values, HCL(value))
			unknown[name] = Expression(fmt.Sprintf("terraform_data.later.output[%d]", len(l.values)-1))
			continue
		}
		var referring []map[string]any
		for _, block := range blocks {
			referring = append(referring, l.Arguments(block))
		}
		unknown[name] = referring
	}
	return unknown
}

// Block is the resource, once all arguments refer to it.
func (l *Later) Block() string {
	return "resource \"terraform_data\" \"later\" {\n  input = [" + strings.Join(l.values, ", ") + "]\n}\n"
}
