package framework

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// StringOrNull is a value that the service sent; it makes no difference between empty and absent.
func StringOrNull(value string) types.String {
	if value == "" {
		return types.StringNull()
	}
	return types.StringValue(value)
}

// Int64OrNull is a number that the service sent, where 0 means that it has none.
func Int64OrNull[N ~int | ~int64](value N) types.Int64 {
	if value == 0 {
		return types.Int64Null()
	}
	return types.Int64Value(int64(value))
}

// SetIfUnset sets a value that is null or unknown, and leaves any other.
func SetIfUnset(target *types.String, value types.String) {
	if target.IsNull() || target.IsUnknown() {
		*target = value
	}
}

// StringMap is a map of strings as a value. No elements are an empty map, not null.
func StringMap(elements map[string]string) types.Map {
	values := make(map[string]attr.Value, len(elements))
	for key, element := range elements {
		values[key] = types.StringValue(element)
	}
	return types.MapValueMust(types.StringType, values)
}

// Strings are the elements of a map of strings. Those that are null or unknown are left out.
func Strings(value types.Map) map[string]string {
	elements := map[string]string{}
	for key, element := range value.Elements() {
		if text, ok := element.(types.String); ok && !text.IsNull() && !text.IsUnknown() {
			elements[key] = text.ValueString()
		}
	}
	return elements
}

// IsWhollyKnown is true of a map that is known with all its elements.
func IsWhollyKnown(value types.Map) bool {
	if value.IsUnknown() {
		return false
	}
	for _, element := range value.Elements() {
		if element.IsUnknown() {
			return false
		}
	}
	return true
}

// AnyGiven is true if one of the values is not null. It may be unknown.
func AnyGiven(values ...attr.Value) bool {
	for _, value := range values {
		if !value.IsNull() {
			return true
		}
	}
	return false
}

// AnyUnknown is true if one of the values is unknown.
func AnyUnknown(values ...attr.Value) bool {
	for _, value := range values {
		if value.IsUnknown() {
			return true
		}
	}
	return false
}
