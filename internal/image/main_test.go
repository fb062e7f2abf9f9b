package image_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if err := acctest.RemoveBuilt(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}
