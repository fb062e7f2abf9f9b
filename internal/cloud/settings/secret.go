package settings

// Secret hides a text from fmt and encoders: a pointer inside a struct is printed as an address. The zero value hides
// "".
type Secret struct{ text *string }

// NewSecret hides a text.
func NewSecret(text string) Secret { return Secret{&text} }

// Reveal is the text.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}
