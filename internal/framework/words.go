package framework

import "strings"

// List puts values into words for a description, in backticks: "`a`, `b`, `c`".
func List[T ~string](values []T) string {
	return strings.Join(quoted(values), ", ")
}

// OneOf puts values into words for a description, in backticks: "`a`, `b` or `c`". Give it the list that the validator
// uses.
func OneOf[T ~string](values []T) string {
	words := quoted(values)
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

func quoted[T ~string](values []T) []string {
	words := make([]string, len(values))
	for i, value := range values {
		words[i] = "`" + string(value) + "`"
	}
	return words
}
