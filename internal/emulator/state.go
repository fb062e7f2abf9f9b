package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// load brings back what the state file holds.
func (e *Emulator) load() error {
	if e.options.StateFile == "" {
		return nil
	}
	content, err := os.ReadFile(e.options.StateFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	restored := &world{}
	err = json.Unmarshal(content, restored)
	if err == nil && (restored.Images == nil || restored.Objects == nil) {
		err = errors.New("it holds no images")
	}
	if err != nil {
		return fmt.Errorf("%s is no state of an emulator: %w", e.options.StateFile, err)
	}
	e.world = restored
	return nil
}

// save writes the state file as a whole or not at all. Tokens are in it only as hashes; passwords and keys are not.
func (e *Emulator) save() {
	if e.options.StateFile == "" {
		return
	}
	e.saveErr = writeFile(e.options.StateFile, e.world)
}

func writeFile(name string, content any) error {
	text, err := json.MarshalIndent(content, "", " ")
	if err != nil {
		return fmt.Errorf("writing the emulator's state: %w", err)
	}
	// os.CreateTemp's mode is 0600.
	file, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return fmt.Errorf("writing the emulator's state: %w", err)
	}
	_, err = file.Write(text)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("writing the emulator's state: %w", errors.Join(err, os.Remove(file.Name())))
	}
	return nil
}
