package framework

import "strings"

// OneOf puts values into words for a description, in backticks: "`a`, `b` or `c`". Give it the list that the validator uses.
func OneOf[T ~string](values []T) string {
	quoted := make([]string, len(values))
	for i, value := range values {
		quoted[i] = "`" + string(value) + "`"
	}
	if len(quoted) < 2 {
		return strings.Join(quoted, "")
	}
	return strings.Join(quoted[:len(quoted)-1], ", ") + " or " + quoted[len(quoted)-1]
}
