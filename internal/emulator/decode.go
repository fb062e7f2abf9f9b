package emulator

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// decode reads the request's body into a struct. Every field must be one of the struct's, also in upper and lower case.
func (c *call) decode(into any) error {
	if len(c.body) == 0 {
		return refuse("IMG.0007")
	}
	var document any
	if err := json.Unmarshal(c.body, &document); err != nil {
		return refuse("IMG.0001")
	}
	if unknown := unknownFields(document, reflect.TypeOf(into), ""); len(unknown) > 0 {
		slices.Sort(unknown)
		return unknownField(strings.Join(unknown, ", "))
	}
	if err := json.Unmarshal(c.body, into); err != nil {
		return refuse("IMG.0001", err.Error()+".")
	}
	return nil
}

// unknownFields are the paths in a JSON document that have no place in a type. Encoding/json alone would take a field
// in any case and drop one it does not know.
func unknownFields(document any, t reflect.Type, path string) []string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var unknown []string
	switch value := document.(type) {
	case map[string]any:
		if t.Kind() != reflect.Struct {
			return nil
		}
		known := fieldTypes(t)
		for name, inner := range value {
			fieldType, ok := known[name]
			if !ok {
				unknown = append(unknown, path+name)
				continue
			}
			unknown = append(unknown, unknownFields(inner, fieldType, path+name+".")...)
		}
	case []any:
		if t.Kind() != reflect.Slice {
			return nil
		}
		for _, inner := range value {
			unknown = append(unknown, unknownFields(inner, t.Elem(), path)...)
		}
	}
	return unknown
}

func fieldTypes(t reflect.Type) map[string]reflect.Type {
	types := map[string]reflect.Type{}
	for field := range t.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		types[name] = field.Type
	}
	return types
}

// sent are the names of the fields at the top of the request's body that hold something.
func (c *call) sent() []string {
	var document map[string]any
	if json.Unmarshal(c.body, &document) != nil {
		return nil
	}
	var names []string
	for name, value := range document {
		if value != nil && value != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
