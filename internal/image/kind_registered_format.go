package image

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// signatures are how files begin that are no disk images, whatever they are called. The service takes them, and makes
// an image of
// them that no server boots from.
var signatures = []struct {
	begin string
	what  string // it is
	todo  string
}{
	{"\x1f\x8b", "a gzip file", unpackFirst},
	{"\xfd7zXZ\x00", "an xz file", unpackFirst},
	{"\x28\xb5\x2f\xfd", "a zstd file", unpackFirst},
	{"BZh", "a bzip2 file", unpackFirst},
	{"PK\x03\x04", "a zip archive", unpackFirst},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive", unpackFirst},
	{"<!doctype html", "an HTML page", downloadAgain},
	{"<html", "an HTML page", downloadAgain},
	{"<?xml", "an XML document", downloadAgain},
	{"{\"error", "an error message", downloadAgain},
}

const (
	unpackFirst   = "Unpack it, and upload the image that is in it"
	downloadAgain = "It may be the error page of a download: look into it, and download the image again"
)

// magic is how files of a format begin, where the format says so.
var magic = map[string]string{"qcow2": "QFI\xfb"}

// formatFault is why the content of a file cannot be an image of the format; "" is the service's own. A raw image may
// begin with
// anything but what other files begin with.
func formatFault(file io.ReaderAt, format string) error {
	begin := make([]byte, 16)
	n, err := file.ReadAt(begin, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	begin = begin[:n]
	for _, known := range signatures {
		if bytes.HasPrefix(bytes.ToLower(begin), bytes.ToLower([]byte(known.begin))) {
			return fmt.Errorf("it is %s, no disk image. %s", known.what, known.todo)
		}
	}
	if want := magic[format]; want != "" && !bytes.HasPrefix(begin, []byte(want)) {
		return fmt.Errorf("it does not begin as %s files do. Check file_format, and that the file is whole", format)
	}
	return nil
}

// expandHome is a path with the user's home folder in place of a tilde in front, as shells have it.
func expandHome(path string) string {
	rest, found := strings.CutPrefix(path, "~/")
	if !found {
		return path
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	return filepath.Join(home, rest)
}
