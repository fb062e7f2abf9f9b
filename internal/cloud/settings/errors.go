package settings

import (
	"errors"
	"fmt"
	"strings"
)

func noWayError(found values) error {
	var b strings.Builder
	b.WriteString("Unable to sign in: no credentials are given. Give one of:")
	for _, w := range ways {
		b.WriteString("\n  " + w.name + ": ")
		for i, alternatives := range w.credentials {
			if i > 0 {
				b.WriteString(" and ")
			}
			b.WriteString(howToGive(alternatives))
		}
	}
	b.WriteString("\nor name an entry of clouds.yaml that has them (attribute cloud, OS_CLOUD).")
	b.WriteString(found.sourcesOf(common).Paragraph("Given:"))
	return errors.New(b.String())
}

func missingError(chosen way, missing []string, used values, unused Sources) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Unable to sign in with %s. Missing:", chosen.name)
	for _, one := range missing {
		b.WriteString("\n  " + one)
	}
	b.WriteString(used.sources().Paragraph("Given:"))
	b.WriteString(unused.Paragraph("Not used, because a higher source has credentials of its own:"))
	return errors.New(b.String())
}

// howToGive names alternative settings, and the places that can give them.
func howToGive(alternatives []Name) string {
	names, places := make([]string, len(alternatives)), make([]string, len(alternatives))
	for i, name := range alternatives {
		names[i], places[i] = string(name), settingNamed(name).places()
	}
	return fmt.Sprintf("%s (%s)", strings.Join(names, " or "), strings.Join(places, "; or "))
}

// places names the places that can give a setting.
func (row setting) places() string {
	var list []string
	if row.block != nil {
		list = append(list, "attribute "+string(row.name))
	}
	if len(row.env) > 0 {
		list = append(list, strings.Join(row.env, " or "))
	}
	if len(row.file) > 0 {
		list = append(list, row.file[0]+" in clouds.yaml")
	}
	return strings.Join(list, ", ")
}

// wrong says that the value of a setting cannot be used. It does not quote the value, which may be a secret.
func (s *Settings) wrong(name Name, why string) error {
	return fmt.Errorf("Unable to use %s from %s: %s", name, s.values[name].from, why)
}
