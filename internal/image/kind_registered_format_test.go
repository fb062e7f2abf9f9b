package image

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFormatFault: what is no disk image is known by its content, not by its name.
func TestFormatFault(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ content, format, want string }{
		"gzip":                 {"\x1f\x8b\x08golden", "raw", "gzip"},
		"xz":                   {"\xfd7zXZ\x00golden", "", "xz"},
		"zstd":                 {"\x28\xb5\x2f\xfdgolden", "", "zstd"},
		"bzip2":                {"BZh91AY", "", "bzip2"},
		"zip":                  {"PK\x03\x04golden", "qcow2", "zip"},
		"error page":           {"<!DOCTYPE HTML><title>404", "", "HTML"},
		"error page, short":    {"<html>", "raw", "HTML"},
		"error of a service":   {`{"error":{"code":404}}`, "", "error message"},
		"qcow2":                {"QFI\xfb\x00\x00\x00\x03", "qcow2", ""},
		"qcow2 without magic":  {"golden image", "qcow2", "does not begin as qcow2"},
		"raw":                  {"\x00\x00\x00\x00", "raw", ""},
		"raw of one byte":      {"x", "raw", ""},
		"format not given":     {"golden image", "", ""},
		"boot sector of a raw": {"\xeb\x63\x90\x10\x8e\xd0\xbc\x00", "raw", ""},
	} {
		err := formatFault(strings.NewReader(test.content), test.format)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}

// TestExpandHome: a tilde in front is the home folder, as everywhere else.
func TestExpandHome(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	for path, want := range map[string]string{
		"~/a.qcow2": filepath.Join(home, "a.qcow2"), "a.qcow2": "a.qcow2", "/~/a": "/~/a", "~other/a": "~other/a",
	} {
		if got := expandHome(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	if err := os.WriteFile(filepath.Join(home, "a.raw"), []byte("golden"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := openLocalFile("~/a.raw", "raw", 0)
	if err != nil {
		t.Fatal(err)
	}
	_ = file.Close()
}
