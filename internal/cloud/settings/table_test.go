package settings

import "testing"

func TestEveryVariable(t *testing.T) {
	for _, row := range table {
		for _, name := range row.env {
			if row.name == Cloud {
				continue
			}
			found := merge([]source{environmentSource(variablesOf(map[string]string{name: "x"}))})
			if val := found[row.name]; val.text.Reveal() != "x" || val.from != "environment variable "+name {
				t.Errorf("%s is not read as %s", name, row.name)
			}
		}
	}
}
